"""The checkout page's words in Japanese and English. The page belongs to no language catalogue of the portal's."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "title": {"ja": "デモ決済ページ", "en": "Demo payment page"},
    "notice": {
        "ja": "デモ決済ページです。実際のお金は動きません。カード番号や口座情報は入力しないでください。",
        "en": "Demo payment page — no real money. Do not enter card or account details anywhere.",
    },
    "error_prefix": {"ja": "エラー：", "en": "Error: "},
    "summary": {"ja": "お支払いの内容", "en": "What you are paying"},
    "description": {"ja": "内容", "en": "Description"},
    "reference": {"ja": "請求書番号", "en": "Invoice number"},
    "email": {"ja": "メールアドレス", "en": "E-mail address"},
    "amount": {"ja": "金額", "en": "Amount"},
    "card": {"ja": "カードで支払う", "en": "Pay by card"},
    "card_hint": {
        "ja": "カードの結果を選んでください。",
        "en": "Choose what the card company answers.",
    },
    "card_accept": {"ja": "承認されるカードで支払う", "en": "Pay with a card that is accepted"},
    "card_decline": {"ja": "拒否されるカードで支払う", "en": "Pay with a card that is declined"},
    "declined": {
        "ja": "カードが承認されませんでした。別のカードまたは銀行振込をお選びください。",
        "en": "The card was declined. Try another card or choose bank transfer.",
    },
    "transfer": {"ja": "銀行振込で支払う", "en": "Pay by bank transfer"},
    "transfer_hint": {
        "ja": "お客さま専用の振込先口座を表示します。",
        "en": "Shows the account that receives your transfer.",
    },
    "transfer_choose": {"ja": "振込先を表示する", "en": "Show the account"},
    "account": {"ja": "振込先口座", "en": "Account for your transfer"},
    "bank": {"ja": "銀行", "en": "Bank"},
    "branch": {"ja": "支店", "en": "Branch"},
    "account_type": {"ja": "預金種目", "en": "Type"},
    "ordinary": {"ja": "普通", "en": "Ordinary"},
    "number": {"ja": "口座番号", "en": "Account number"},
    "holder": {"ja": "口座名義", "en": "Account holder"},
    "remaining": {"ja": "お振込みいただく金額", "en": "Still to be sent"},
    "simulate": {"ja": "振込をためす", "en": "Try a transfer"},
    "full": {"ja": "全額を振り込む", "en": "Transfer the full amount"},
    "part_label": {"ja": "振り込む金額（円）", "en": "Amount to transfer (yen)"},
    "part_hint": {
        "ja": "手数料を差し引いた振込など、過不足のある振込をためせます。",
        "en": "Tries a transfer of too little, for example less the bank's fee, or of too much.",
    },
    "part": {"ja": "この金額を振り込む", "en": "Transfer this amount"},
    "later": {"ja": "まだ振り込まずに戻る", "en": "Not yet: go back"},
    "arrived": {
        "ja": "{amount}の入金がありました。残りは{remaining}です。",
        "en": "{amount} arrived; {remaining} still to be sent.",
    },
    "bad_amount": {
        "ja": "金額は1以上の整数で入力してください。",
        "en": "Enter the amount as a whole number of yen, 1 or more.",
    },
    "cancel": {"ja": "支払わずに戻る", "en": "Go back without paying"},
    "after": {"ja": "お支払いのあとの出来事をためす", "en": "Try what can happen afterwards"},
    "after_hint": {
        "ja": "カード会社や銀行のかわりに、このお支払いのその後を選べます。",
        "en": "Here you act for the card company or the bank.",
    },
    "dispute": {"ja": "カード名義人が異議を申し立てる", "en": "The holder of the card contests it"},
    "dispute_won": {
        "ja": "異議申立てを退ける（代金が戻る）",
        "en": "Decide for the consortium: the money comes back",
    },
    "dispute_lost": {
        "ja": "異議申立てを認める（代金を失う）",
        "en": "Decide for the holder of the card: it is lost",
    },
    "refund_arrives": {"ja": "返金{amount}を届ける", "en": "Let the refund of {amount} arrive"},
    "refund_fails": {"ja": "返金{amount}を不成立にする", "en": "Let the refund of {amount} fail"},
    "refunds_wait": {"ja": "今後の返金を保留にする", "en": "Let refunds wait from now on"},
    "refunds_go": {"ja": "今後の返金をすぐ届ける", "en": "Let refunds arrive at once again"},
    "paid": {"ja": "お支払いは完了しています。", "en": "This payment is complete."},
    "expired": {
        "ja": "このページの有効期限が切れました。お手数ですが、もう一度はじめからお手続きください。",
        "en": "This page has expired. Please go back and start the payment again.",
    },
    "canceled": {"ja": "このお支払いは取り消されました。", "en": "This payment was cancelled."},
    "back": {"ja": "戻る", "en": "Go back"},
    "missing": {
        "ja": "お支払いのページが見つかりません。請求書の画面からもう一度お進みください。",
        "en": "There is no such payment page. Start again from the invoice.",
    },
    "other_language": {"ja": "English", "en": "日本語"},
}


def words(language: str) -> dict[str, str]:
    """All words in one language."""
    return {name: each[language] for name, each in WORDS.items()}


def yen(amount: int) -> str:
    """¥1,100,000"""
    return f"¥{amount:,}"
