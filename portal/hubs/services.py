"""Bring the published hubs and institutions into the portal."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core import clock, facts
from portal.core.db import db
from portal.hubs.enums import InstitutionRole
from portal.hubs.models import Hub, HubInstitution

KINDS = {"university": OrganisationKind.UNIVERSITY, "research_institute": OrganisationKind.INSTITUTE}
ROLES = {"partner": InstitutionRole.PARTNER_UNIVERSITY, "cooperating": InstitutionRole.COOPERATING_UNIVERSITY}


def load_hubs_from_facts() -> int:
    """Add the hubs of the reference facts that are missing; returns how many were added."""
    known = set(db.session.scalars(select(Hub.code)))
    added = [_add_hub(row) for row in facts.rows("hubs") if row["hub_code"] not in known]
    db.session.flush()
    return len(added)


def _add_hub(row: dict[str, str]) -> Hub:
    hub = Hub(
        code=row["hub_code"],
        name_ja=row["hub_name_ja"] or row["representative_ja"],
        name_en=row["hub_name_en"] or row["representative_en"],
        aim_ja=row["aim_ja"],
        aim_en=row["aim_en"],
        fiscal_year_from=int(row["period_fy_from"]),
        fiscal_year_to=int(row["period_fy_to"]) if row["period_fy_to"] else None,
    )
    db.session.add(hub)
    db.session.flush()
    ours = [r for r in facts.rows("hub_institutions") if r["hub_code"] == row["hub_code"]]
    for position, institution in enumerate(ours):
        db.session.add(_institution(hub, institution, position))
    return hub


def _institution(hub: Hub, row: dict[str, str], position: int) -> HubInstitution:
    organisation = _organisation(row)
    return HubInstitution(
        hub_id=hub.id,
        organisation_id=organisation.id if organisation else None,
        role=ROLES.get(row["role"]) or InstitutionRole(row["role"]),
        name_ja=row["institution_ja"],
        name_en=row["institution_en"],
        number=int(row["institution_count"]),
        position=position,
    )


def _organisation(row: dict[str, str]) -> Organisation | None:
    """The organisation for a named university or institute; companies and unnamed ones stay names."""
    if row["is_named"] != "true" or row["institution_type"] not in KINDS:
        return None
    standing = db.session.scalars(
        select(Organisation).where(Organisation.name_ja == row["institution_ja"])
    ).first()
    if standing is not None:
        return standing
    made = Organisation(
        kind=KINDS[row["institution_type"]],
        name_ja=row["institution_ja"],
        name_en=row["institution_en"],
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made
