import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.names import (
    FormPosition,
    KanaCheck,
    KanaProblem,
    LegalForm,
    OrganisationName,
    check_kana,
    normalise_kana,
    organisation_key,
    split_organisation_name,
)


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("ヤマダ タロウ", "ヤマダ タロウ"),
        ("ヤマダ　　タロウ ", "ヤマダ タロウ"),
        ("やまだ たろう", "ヤマダ タロウ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("ヤマタ゛", "ヤマダ"),
        ("ﾊﾟｰﾄﾅｰ", "パートナー"),
        ("パ-トナ−", "パートナー"),
        ("デ―タ", "データ"),
        ("ヴァイオ", "ヴァイオ"),
        ("ゔぁいお", "ヴァイオ"),
        ("メディカル・データ", "メディカル・データ"),
        ("ﾒﾃﾞｨｶﾙ ･ ﾃﾞｰﾀ", "メディカル・データ"),
    ],
)
def test_kana_is_normalised_and_accepted(typed: str, kana: str) -> None:
    assert check_kana(typed) == KanaCheck(kana, None)


@pytest.mark.parametrize(
    ("typed", "problem", "wrong"),
    [
        ("", KanaProblem.EMPTY, ()),
        ("　", KanaProblem.EMPTY, ()),
        ("山田タロウ", KanaProblem.NOT_KATAKANA, ("山", "田")),
        ("Yamada", KanaProblem.NOT_KATAKANA, ("Y", "a", "m", "d")),
        ("ABC123", KanaProblem.NOT_KATAKANA, ("A", "B", "C", "1", "2", "3")),
        ("-タロウ", KanaProblem.NOT_KATAKANA, ("-",)),
        ("・", KanaProblem.NOT_KATAKANA, ("・",)),
        ("タロウ\x00", KanaProblem.NOT_KATAKANA, ("\x00",)),
        ("タロウ。", KanaProblem.NOT_KATAKANA, ("。",)),
    ],
)
def test_kana_says_what_is_wrong(typed: str, problem: KanaProblem, wrong: tuple[str, ...]) -> None:
    checked = check_kana(typed)
    assert (checked.problem, checked.wrong_characters) == (problem, wrong)
    assert not checked.is_valid


@given(st.text(alphabet="あがぱゔアガパヴｱｶﾞﾟー-ｰ゛゜・ 　漢A０"))
def test_normalising_kana_twice_changes_nothing(text: str) -> None:
    once = normalise_kana(text)
    assert normalise_kana(once) == once


BEFORE, AFTER = FormPosition.BEFORE, FormPosition.AFTER


@pytest.mark.parametrize(
    ("name", "core", "form", "position", "short"),
    [
        ("株式会社サンプル", "サンプル", LegalForm.STOCK_COMPANY, BEFORE, "（株）サンプル"),
        ("サンプル製薬株式会社", "サンプル製薬", LegalForm.STOCK_COMPANY, AFTER, "サンプル製薬（株）"),
        ("㈱サンプル", "サンプル", LegalForm.STOCK_COMPANY, BEFORE, "（株）サンプル"),
        ("サンプル(株)", "サンプル", LegalForm.STOCK_COMPANY, AFTER, "サンプル（株）"),
        ("（有）サンプル", "サンプル", LegalForm.LIMITED_COMPANY, BEFORE, "（有）サンプル"),
        ("合同会社　サンプル", "サンプル", LegalForm.GODO_COMPANY, BEFORE, "（同）サンプル"),
        ("国立大学法人見本大学", "見本大学", LegalForm.NATIONAL_UNIVERSITY, BEFORE, "国立大学法人見本大学"),
        (
            "国立研究開発法人見本研究所",
            "見本研究所",
            LegalForm.RESEARCH_AGENCY,
            BEFORE,
            "国立研究開発法人見本研究所",
        ),
        ("地方独立行政法人見本病院", "見本病院", LegalForm.LOCAL_AGENCY, BEFORE, "地方独立行政法人見本病院"),
        ("医療法人社団見本会", "見本会", LegalForm.MEDICAL_ASSOCIATION, BEFORE, "医療法人社団見本会"),
        ("医療法人見本会", "見本会", LegalForm.MEDICAL, BEFORE, "医療法人見本会"),
        ("ＡＢＣ株式会社", "ＡＢＣ", LegalForm.STOCK_COMPANY, AFTER, "ＡＢＣ（株）"),
    ],
)
def test_legal_forms_are_taken_off(
    name: str, core: str, form: LegalForm, position: FormPosition, short: str
) -> None:
    taken_apart = split_organisation_name(name)
    assert taken_apart == OrganisationName(core, form, position)
    assert taken_apart.short == short


@pytest.mark.parametrize("name", ["見本研究会", "Sample Inc.", "株式会社", ""])
def test_names_without_a_legal_form_stay_whole(name: str) -> None:
    taken_apart = split_organisation_name(name)
    assert taken_apart == OrganisationName(name, None, None)
    assert (taken_apart.full, taken_apart.short) == (name, name)


@pytest.mark.parametrize("form", LegalForm)
def test_every_form_is_put_back_where_it_stood(form: LegalForm) -> None:
    assert split_organisation_name(f"{form.value}サンプル").full == f"{form.value}サンプル"
    assert split_organisation_name(f"サンプル{form.value}").full == f"サンプル{form.value}"
    assert split_organisation_name(f"{form.value}サンプル").form is form


@pytest.mark.parametrize(
    "names",
    [
        ("株式会社サンプル製薬", "サンプル製薬㈱", "サンプル製薬 （株）", "ｻﾝﾌﾟﾙ製薬株式会社"),
        ("Sample Co., Ltd.", "SAMPLE", "Sample Co.,Ltd", "Sample K.K.", "Ｓａｍｐｌｅ Inc."),
        ("メディカル・データ株式会社", "メディカルデータ", "株式会社メディカル データ"),
    ],
)
def test_one_organisation_has_one_key(names: tuple[str, ...]) -> None:
    assert len({organisation_key(name) for name in names}) == 1


def test_different_organisations_have_different_keys() -> None:
    names = [
        "サンプル製薬",
        "サンプル製菓",
        "サンプル",
        "スーパー",
        "スパ",
        "Sample",
        "Samples",
        "Incline",
        "!!!",
    ]
    assert len({organisation_key(name) for name in names}) == len(names)
