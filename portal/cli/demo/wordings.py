"""What applicants of the demo accept. Invented, short, and no legal advice."""

from __future__ import annotations

from portal.membership.enums import RulesKind

_RULES_JA = """（デモ用の会員規約です。実在の規約ではありません。）

第1条（目的）本コンソーシアムは、医療データ科学の人材育成と、競争前段階における産学の対話を目的とします。
第2条（会員）会員は、医療・ヘルスケア・創薬におけるビッグデータ解析または人工知能の活用を計画する法人とし、代表者1名を定めます。
第3条（期間）会員の期間は年度単位とし、毎年3月31日に終了します。
第4条（会費）会費は会員種別ごとに定め、請求書に記載の期日までに支払うものとします。
第5条（秘密情報）会合および資料で知り得た秘密情報は、目的外に利用しません。
第6条（競争法）会合では、価格、販売先その他競争上機微な情報を扱いません。"""
_RULES_EN = """(Membership rules for the demonstration. Not the rules of any real body.)

1. Purpose. The consortium trains people in medical data science and brings industry and universities together on pre-competitive questions.
2. Members. A member is a legal entity that plans to use big-data analysis or artificial intelligence in medicine, health care or drug discovery. It names one representative.
3. Term. Membership runs by fiscal year and ends on 31 March.
4. Fees. Fees are set for each tier and paid by the day stated on the invoice.
5. Confidentiality. Confidential information learned at meetings or from papers is used for the purpose alone.
6. Competition law. Prices, customers and other sensitive information are never discussed at meetings."""

FIRST = {
    RulesKind.MEMBERSHIP_RULES: (_RULES_JA, _RULES_EN),
    RulesKind.ANTI_SOCIAL_PLEDGE: (
        "（デモ用）当社およびその役員は、暴力団その他の反社会的勢力に該当せず、将来にわたっても該当しないこと、"
        "またこれらと関係を持たないことを誓約します。違反した場合、催告なく会員資格を失うことに異議を述べません。",
        "(Demonstration) We pledge that our company and its officers do not belong to anti-social forces, will not in future, and "
        "have no dealings with them. We accept that membership ends without notice if this is untrue.",
    ),
    RulesKind.PERSONAL_DATA: (
        "（デモ用）申込書に記載された個人情報を、会員の管理、会合の案内および請求のために利用することに同意します。"
        "情報は会員期間の終了後、法令の定める期間を経て削除されます。",
        "(Demonstration) We consent to the use of the personal data in this application for managing membership, inviting to "
        "meetings and invoicing. They are deleted after the membership and the periods set by law have ended.",
    ),
}
SECOND = (
    _RULES_JA + "\n第7条（録画）秘密情報を含む講義は録画しません。",
    _RULES_EN + "\n7. Recording. Lectures that hold confidential information are never recorded.",
)
TAX_NOTICE = (
    "本会費は課税資産の譲渡等の対価に該当するものとして取り扱います。（デモ用の記載）",
    "This fee is treated as consideration for taxable services. (Wording of the demonstration)",
)
