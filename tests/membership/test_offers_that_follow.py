"""A mail offers one tier; the tier changes; whoever opens the old link reads it, and so does the timeline."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.core.transaction import rollback, transaction
from portal.membership import queries
from portal.membership.services.tier_changes.planning import plan_upgrade
from portal.membership.services.tier_changes.upgrades import change_tier
from tests.membership.test_renewal_pages import secret_of
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of
from tests.support.reader import Reader

pytestmark = pytest.mark.database


def test_an_old_link_says_that_the_offer_is_another(app: Flask) -> None:
    admin = given.offered()
    with season.on(season.OFFERS):
        path = f"/membership/renewals/open?token={secret_of(admin)}"
        assert (
            "メールでお送りしたご案内から内容が変わっています" not in Reader(app.test_client()).get(path).text
        )
    with season.on(season.OFFERS + timedelta(days=1)):
        term = given.term_of(admin)
        tier = queries.tier_for("A", term.fiscal_year)
        assert tier is not None
        seen, who, number = plan_upgrade(term, tier).fingerprint, actor_of(admin), term.id
        rollback()
        with transaction():
            change_tier(term_id=number, code="A", seen=seen, once="up", by=who)
        text = Reader(app.test_client()).get(path).text
        assert "¥550,000から¥2,200,000（税込）に改めました" in text
        page = Reader(browser_of(app, admin)).get(f"/membership/renewals/{season.renewal_of(admin).id}")
        assert "会員種別の変更に合わせて、更新のご案内を改めました" in page.text
        assert "¥550,000 → ¥2,200,000" in page.text
