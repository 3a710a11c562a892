"""registers: applications, terms, officers, places, relations, merges, notices, occupations, triggers"""

import sqlalchemy as sa
from alembic import op

from otit.db import JsonType, UtcDateTime
from otit.text import match_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _fold_readings(connection: sa.Connection) -> None:
    table = sa.table("organizations", *(sa.column(name) for name in ("id", "kana", "kana_key")))
    rows = connection.execute(sa.select(table.c.id, table.c.kana).where(table.c.kana.is_not(None))).all()
    if rows:
        folded = [{"key": key, "folded": match_key(kana)} for key, kana in rows]
        statement = sa.update(table).where(table.c.id == sa.bindparam("key")).values(kana_key=sa.bindparam("folded"))
        connection.execute(statement, folded)


def upgrade() -> None:
    op.create_table(
        "focal_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("body <> ''", name=op.f("ck_focal_points_body_present")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_focal_points_ends_after_start")),
        sa.CheckConstraint("length(country) = 3", name=op.f("ck_focal_points_country_alpha3")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focal_points")),
    )
    with op.batch_alter_table("focal_points", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_focal_points_country_starts_on_id"), ["country", "starts_on", "id"], unique=False
        )

    op.create_table(
        "occupations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum("tit", "esd", name="scheme", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("sort_key", sa.String(length=20), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("transferable", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_occupations_name_present")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_occupations_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupations")),
        sa.UniqueConstraint("scheme", "code", "valid_from", name=op.f("uq_occupations_scheme_code_valid_from")),
    )
    with op.batch_alter_table("occupations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occupations_sort_key_id"), ["sort_key", "id"], unique=False)
        batch_op.create_index(
            "uq_occupations_open",
            ["scheme", "code"],
            unique=True,
            sqlite_where=sa.text("valid_until IS NULL"),
            postgresql_where=sa.text("valid_until IS NULL"),
        )

    op.create_table(
        "trainees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("nationality", sa.String(length=3), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_trainees_name_present")),
        sa.CheckConstraint("length(nationality) = 3", name=op.f("ck_trainees_nationality_alpha3")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainees")),
    )
    with op.batch_alter_table("trainees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainees_name_key_born_on"), ["name_key", "born_on"], unique=False)

    op.create_table(
        "business_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum("suspend", "resume", "close", name="act", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "until IS NULL OR act = 'suspend'", name=op.f("ck_business_notices_only_a_pause_has_an_end")
        ),
        sa.CheckConstraint("applied_on >= effective_on", name=op.f("ck_business_notices_applied_when_effective")),
        sa.CheckConstraint("until >= effective_on", name=op.f("ck_business_notices_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_business_notices_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_notices")),
    )
    with op.batch_alter_table("business_notices", schema=None) as batch_op:
        batch_op.create_index(
            "ix_business_notices_ahead",
            ["effective_on"],
            unique=False,
            sqlite_where=sa.text("applied_on IS NULL"),
            postgresql_where=sa.text("applied_on IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_business_notices_organization_id_effective_on_id"),
            ["organization_id", "effective_on", "id"],
            unique=False,
        )

    op.create_table(
        "duplicate_candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", JsonType, nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "distinct", "merged", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("distinct_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'distinct') = (distinct_reason IS NOT NULL)",
            name=op.f("ck_duplicate_candidates_distinct_with_reason"),
        ),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_candidates_lower_id_first")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_duplicate_candidates_score_in_percent")),
        sa.ForeignKeyConstraint(["first_id"], ["organizations.id"], name=op.f("fk_duplicate_candidates_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["organizations.id"], name=op.f("fk_duplicate_candidates_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_candidates")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_duplicate_candidates_first_id_second_id")),
    )
    with op.batch_alter_table("duplicate_candidates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duplicate_candidates_second_id"), ["second_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_duplicate_candidates_state_score_id"), ["state", "score", "id"], unique=False
        )

    op.create_table(
        "former_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("kana", sa.Text(), nullable=True),
        sa.Column("used_until", sa.Date(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_former_names_name_present")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_former_names_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_names")),
    )
    with op.batch_alter_table("former_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_names_name_key"), ["name_key"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_former_names_organization_id_used_until_id"),
            ["organization_id", "used_until", "id"],
            unique=False,
        )

    op.create_table(
        "officers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "position",
            sa.Enum(
                "representative",
                "director",
                "auditor",
                "responsible",
                "external",
                name="position",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("kana", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_officers_name_present")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_officers_ends_after_start")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_officers_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officers")),
    )
    with op.batch_alter_table("officers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officers_name_key"), ["name_key"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_officers_organization_id_starts_on_id"), ["organization_id", "starts_on", "id"], unique=False
        )

    op.create_table(
        "organization_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duplicate_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved", JsonType, nullable=False),
        sa.Column("filled", JsonType, nullable=False),
        sa.Column("effects", JsonType, nullable=False),
        sa.Column("warnings", JsonType, nullable=False),
        sa.Column("merged_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_organization_merges_reason_present")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_organization_merges_undone_by_somebody")
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_reason IS NULL)", name=op.f("ck_organization_merges_undone_with_reason")
        ),
        sa.CheckConstraint("duplicate_id <> kept_id", name=op.f("ck_organization_merges_two_bodies")),
        sa.ForeignKeyConstraint(
            ["duplicate_id"], ["organizations.id"], name=op.f("fk_organization_merges_duplicate_id")
        ),
        sa.ForeignKeyConstraint(["kept_id"], ["organizations.id"], name=op.f("fk_organization_merges_kept_id")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["users.id"], name=op.f("fk_organization_merges_merged_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["users.id"], name=op.f("fk_organization_merges_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_merges")),
    )
    with op.batch_alter_table("organization_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organization_merges_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(
            "uq_organization_merges_standing",
            ["duplicate_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "business_site",
                "training_site",
                "dormitory",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.String(length=8), nullable=True),
        sa.Column("prefecture_code", sa.String(length=2), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_places_name_present")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_places_ends_after_start")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_places_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
    )
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_places_organization_id_kind_id"), ["organization_id", "kind", "id"], unique=False
        )

    op.create_table(
        "saved_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "sharing",
            sa.Enum(
                "private", "office", "everybody", name="sharing", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("office_code", sa.String(length=2), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_lists_name_present")),
        sa.CheckConstraint("sharing = 'office' OR office_code IS NULL", name=op.f("ck_saved_lists_office_of_sharing")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_saved_lists_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_lists")),
        sa.UniqueConstraint("owner_id", "endpoint", "name", name=op.f("uq_saved_lists_owner_id_endpoint_name")),
    )
    with op.batch_alter_table("saved_lists", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_saved_lists_endpoint_sharing_name_id"), ["endpoint", "sharing", "name", "id"], unique=False
        )

    op.create_table(
        "supervisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("implementing_organization_id", sa.Integer(), nullable=False),
        sa.Column("supervising_organization_id", sa.Integer(), nullable=False),
        sa.Column("sending_organization_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_supervisions_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["implementing_organization_id"],
            ["organizations.id"],
            name=op.f("fk_supervisions_implementing_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sending_organization_id"],
            ["sending_organizations.id"],
            name=op.f("fk_supervisions_sending_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supervising_organization_id"],
            ["organizations.id"],
            name=op.f("fk_supervisions_supervising_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisions")),
    )
    with op.batch_alter_table("supervisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supervisions_implementing_organization_id_starts_on_id"),
            ["implementing_organization_id", "starts_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_supervisions_supervising_organization_id_starts_on_id"),
            ["supervising_organization_id", "starts_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_supervisions_open",
            ["implementing_organization_id", "supervising_organization_id", "sending_organization_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL AND sending_organization_id IS NOT NULL"),
            postgresql_where=sa.text("ends_on IS NULL AND sending_organization_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_supervisions_open_whichever",
            ["implementing_organization_id", "supervising_organization_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL AND sending_organization_id IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL AND sending_organization_id IS NULL"),
        )

    op.create_table(
        "difficulty_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "notifier",
            sa.Enum(
                "implementing", "supervising", name="notifier", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "disappearance",
                "illness",
                "trainee_wish",
                "business",
                "supervision_ended",
                "rights_violation",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("provision_code", sa.String(length=30), nullable=False),
        sa.Column("provision_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("notified_on >= occurred_on", name=op.f("ck_difficulty_notices_notified_after_fact")),
        sa.ForeignKeyConstraint(["plan_id"], ["training_plans.id"], name=op.f("fk_difficulty_notices_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difficulty_notices")),
    )
    with op.batch_alter_table("difficulty_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_difficulty_notices_notified_on_id"), ["notified_on", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_difficulty_notices_plan_id_notified_on_id"), ["plan_id", "notified_on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_difficulty_notices_reason_notified_on_id"), ["reason", "notified_on", "id"], unique=False
        )

    op.create_table(
        "license_applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("license_id", sa.Integer(), nullable=True),
        sa.Column(
            "scheme",
            sa.Enum("tit", "esd", name="scheme", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum(
                "new", "renewal", "class_change", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "license_class",
            sa.Enum(
                "general",
                "specific",
                "support",
                name="license_class",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "facts_found",
                "granted",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("facts_found_on", sa.Date(), nullable=True),
        sa.Column("facts_found", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("authority", sa.String(length=30), nullable=True),
        sa.Column("document_number", sa.String(length=60), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("warnings", JsonType, nullable=False),
        sa.Column("provision_code", sa.String(length=30), nullable=False),
        sa.Column("provision_from", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(scheme = 'esd') = (license_class = 'support')", name=op.f("ck_license_applications_class_of_scheme")
        ),
        sa.CheckConstraint(
            "(state = 'granted') = (valid_from IS NOT NULL)", name=op.f("ck_license_applications_granted_with_term")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal_reason IS NOT NULL)",
            name=op.f("ck_license_applications_refused_with_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_on IS NOT NULL)",
            name=op.f("ck_license_applications_withdrawn_with_date"),
        ),
        sa.CheckConstraint(
            "(state IN ('granted', 'refused')) = (decided_on IS NOT NULL)",
            name=op.f("ck_license_applications_decided_with_date"),
        ),
        sa.CheckConstraint(
            "purpose = 'new' OR license_id IS NOT NULL", name=op.f("ck_license_applications_about_a_licence")
        ),
        sa.CheckConstraint(
            "scheme = 'tit' OR applied_on >= '2026-04-15'",
            name=op.f("ck_license_applications_scheme_applied_for_in_time"),
        ),
        sa.CheckConstraint(
            "scheme = 'tit' OR purpose <> 'class_change'", name=op.f("ck_license_applications_class_change_of_scheme")
        ),
        sa.CheckConstraint(
            "state <> 'granted' OR license_id IS NOT NULL", name=op.f("ck_license_applications_granted_as_licence")
        ),
        sa.CheckConstraint(
            "state NOT IN ('facts_found', 'granted', 'refused') OR facts_found_on IS NOT NULL",
            name=op.f("ck_license_applications_facts_found_first"),
        ),
        sa.CheckConstraint(
            "(decided_on IS NULL) = (authority IS NULL)", name=op.f("ck_license_applications_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "(facts_found_on IS NULL) = (facts_found IS NULL)", name=op.f("ck_license_applications_facts_with_date")
        ),
        sa.CheckConstraint(
            "(valid_from IS NULL) = (valid_until IS NULL)", name=op.f("ck_license_applications_term_with_both_ends")
        ),
        sa.CheckConstraint("decided_on >= facts_found_on", name=op.f("ck_license_applications_decided_after_facts")),
        sa.CheckConstraint(
            "facts_found_on >= applied_on", name=op.f("ck_license_applications_facts_after_application")
        ),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_license_applications_term_ends_after_start")),
        sa.CheckConstraint(
            "withdrawn_on >= applied_on", name=op.f("ck_license_applications_withdrawn_after_application")
        ),
        sa.ForeignKeyConstraint(["license_id"], ["licenses.id"], name=op.f("fk_license_applications_license_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_license_applications_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license_applications")),
    )
    with op.batch_alter_table("license_applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_license_applications_applied_on_id"), ["applied_on", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_license_applications_organization_id_applied_on_id"),
            ["organization_id", "applied_on", "id"],
            unique=False,
        )
        batch_op.create_index("uq_license_applications_number", ["number"], unique=True)
        batch_op.create_index(
            "uq_license_applications_open",
            ["organization_id", "scheme"],
            unique=True,
            sqlite_where=sa.text("state IN ('applied', 'facts_found')"),
            postgresql_where=sa.text("state IN ('applied', 'facts_found')"),
        )

    op.create_table(
        "license_conditions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("license_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("provision_code", sa.String(length=30), nullable=False),
        sa.Column("provision_from", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_license_conditions_text_present")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_license_conditions_ends_after_start")),
        sa.ForeignKeyConstraint(["license_id"], ["licenses.id"], name=op.f("fk_license_conditions_license_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license_conditions")),
    )
    with op.batch_alter_table("license_conditions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_license_conditions_license_id_starts_on_id"), ["license_id", "starts_on", "id"], unique=False
        )

    op.create_table(
        "license_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("license_id", sa.Integer(), nullable=False),
        sa.Column(
            "license_class",
            sa.Enum(
                "general",
                "specific",
                "support",
                name="license_class",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "licensed",
                "renewed",
                "class_changed",
                "downgraded",
                "imported",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_license_terms_ends_after_start")),
        sa.ForeignKeyConstraint(["license_id"], ["licenses.id"], name=op.f("fk_license_terms_license_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license_terms")),
        sa.UniqueConstraint("license_id", "starts_on", name=op.f("uq_license_terms_license_id_starts_on")),
    )
    op.create_table(
        "plan_applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum("tit", "esd", name="scheme", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum(
                "A",
                "B",
                "C",
                "D",
                "E",
                "F",
                "S",
                "M",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("implementing_organization_id", sa.Integer(), nullable=False),
        sa.Column("supervising_organization_id", sa.Integer(), nullable=True),
        sa.Column("sending_organization_id", sa.Integer(), nullable=True),
        sa.Column("trainee_id", sa.Integer(), nullable=True),
        sa.Column("occupation_code", sa.String(length=12), nullable=True),
        sa.Column("nationality", sa.String(length=3), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "accredited",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("warnings", JsonType, nullable=False),
        sa.Column("provision_code", sa.String(length=30), nullable=False),
        sa.Column("provision_from", sa.Date(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(category IN ('D', 'E', 'F', 'M')) = (supervising_organization_id IS NOT NULL)",
            name=op.f("ck_plan_applications_group_type_is_supervised"),
        ),
        sa.CheckConstraint(
            "(scheme = 'esd') = (category IN ('S', 'M'))", name=op.f("ck_plan_applications_category_of_scheme")
        ),
        sa.CheckConstraint(
            "(state = 'accredited') = (plan_id IS NOT NULL)", name=op.f("ck_plan_applications_accredited_as_plan")
        ),
        sa.CheckConstraint(
            "(state = 'applied') = (decided_on IS NULL)", name=op.f("ck_plan_applications_decided_with_date")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal_reason IS NOT NULL)", name=op.f("ck_plan_applications_refused_with_reason")
        ),
        sa.CheckConstraint("decided_on >= applied_on", name=op.f("ck_plan_applications_decided_after_application")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plan_applications_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["implementing_organization_id"],
            ["organizations.id"],
            name=op.f("fk_plan_applications_implementing_organization_id"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["training_plans.id"], name=op.f("fk_plan_applications_plan_id")),
        sa.ForeignKeyConstraint(
            ["sending_organization_id"],
            ["sending_organizations.id"],
            name=op.f("fk_plan_applications_sending_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supervising_organization_id"],
            ["organizations.id"],
            name=op.f("fk_plan_applications_supervising_organization_id"),
        ),
        sa.ForeignKeyConstraint(["trainee_id"], ["trainees.id"], name=op.f("fk_plan_applications_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_applications")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_plan_applications_plan_id")),
    )
    with op.batch_alter_table("plan_applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_applications_applied_on_id"), ["applied_on", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_plan_applications_implementing_organization_id_applied_on_id"),
            ["implementing_organization_id", "applied_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_plan_applications_state_applied_on_id"), ["state", "applied_on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_plan_applications_supervising_organization_id_applied_on_id"),
            ["supervising_organization_id", "applied_on", "id"],
            unique=False,
        )
        batch_op.create_index("uq_plan_applications_number", ["number"], unique=True)

    op.create_table(
        "plan_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("change", "minor", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "accredited",
                "refused",
                "withdrawn",
                "notified",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("changes", JsonType, nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("warnings", JsonType, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("provision_code", sa.String(length=30), nullable=False),
        sa.Column("provision_from", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'minor') = (state = 'notified')", name=op.f("ck_plan_changes_minor_is_notified")),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal_reason IS NOT NULL)", name=op.f("ck_plan_changes_refused_with_reason")
        ),
        sa.CheckConstraint(
            "(state IN ('accredited', 'refused', 'withdrawn')) = (decided_on IS NOT NULL)",
            name=op.f("ck_plan_changes_decided_with_date"),
        ),
        sa.CheckConstraint("summary <> ''", name=op.f("ck_plan_changes_summary_present")),
        sa.CheckConstraint("decided_on >= applied_on", name=op.f("ck_plan_changes_decided_after_application")),
        sa.ForeignKeyConstraint(["plan_id"], ["training_plans.id"], name=op.f("fk_plan_changes_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_changes")),
    )
    with op.batch_alter_table("plan_changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_changes_plan_id_applied_on_id"), ["plan_id", "applied_on", "id"], unique=False
        )
        batch_op.create_index(
            "uq_plan_changes_open",
            ["plan_id"],
            unique=True,
            sqlite_where=sa.text("state = 'applied'"),
            postgresql_where=sa.text("state = 'applied'"),
        )

    op.create_table(
        "triggers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "disappearance",
                "declaration",
                "consultation",
                "labour_notice",
                "immigration_notice",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("office_code", sa.String(length=2), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received", "demanded", "no_action", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'demanded') = (inspection_id IS NOT NULL)", name=op.f("ck_triggers_demanded_as_inspection")
        ),
        sa.CheckConstraint(
            "(state = 'no_action') = (reason IS NOT NULL)", name=op.f("ck_triggers_no_action_with_reason")
        ),
        sa.CheckConstraint("(state = 'received') = (decided_on IS NULL)", name=op.f("ck_triggers_decided_with_date")),
        sa.CheckConstraint("summary <> ''", name=op.f("ck_triggers_summary_present")),
        sa.CheckConstraint("decided_on >= received_on", name=op.f("ck_triggers_decided_after_receipt")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_triggers_inspection_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["difficulty_notices.id"], name=op.f("fk_triggers_notice_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_triggers_organization_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["training_plans.id"], name=op.f("fk_triggers_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triggers")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_triggers_notice_id")),
    )
    with op.batch_alter_table("triggers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_triggers_organization_id_received_on_id"),
            ["organization_id", "received_on", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_triggers_received_on_id"), ["received_on", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_triggers_state_received_on_id"), ["state", "received_on", "id"], unique=False
        )
        batch_op.create_index("uq_triggers_number", ["number"], unique=True)

    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inspections_open_of_inspector",
            ["assigned_to_id", "due_on", "id", "state", "office_code", "owner_office_code", "kind", "bureau_code"],
            unique=False,
            sqlite_where=sa.text("state IN ('planned', 'assigned', 'in_progress')"),
            postgresql_where=sa.text("state IN ('planned', 'assigned', 'in_progress')"),
        )

    with op.batch_alter_table("licenses", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_licenses_state_expires_on_id"), ["state", "expires_on", "id"], unique=False
        )
        batch_op.drop_constraint(op.f("ck_licenses_license_class"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_licenses_license_class"), "license_class IN ('general', 'specific', 'support')"
        )
        batch_op.create_check_constraint(
            op.f("ck_licenses_class_of_scheme"), "(scheme = 'esd') = (license_class = 'support')"
        )
        batch_op.create_check_constraint(
            op.f("ck_licenses_scheme_in_force"), "scheme = 'tit' OR licensed_on >= '2027-04-01'"
        )

    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kana_key", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("is_excellent", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_organizations_kind_name_key_id"))
        batch_op.drop_index(batch_op.f("ix_organizations_kind_office_code_name_key_id"))
        batch_op.drop_index(batch_op.f("ix_organizations_kind_prefecture_code_name_key_id"))
        batch_op.create_index(
            "ix_organizations_listed_kind_address_key",
            ["kind", "address_key", "merged_into_id"],
            unique=False,
            sqlite_where=sa.text("merged_into_id IS NULL"),
            postgresql_where=sa.text("merged_into_id IS NULL"),
        )
        batch_op.create_index(
            "ix_organizations_listed_kind_name_key_id",
            ["kind", "name_key", "id", "merged_into_id"],
            unique=False,
            sqlite_where=sa.text("merged_into_id IS NULL"),
            postgresql_where=sa.text("merged_into_id IS NULL"),
        )
        batch_op.create_index(
            "ix_organizations_listed_kind_office_code_name_key_id",
            ["kind", "office_code", "name_key", "id", "merged_into_id"],
            unique=False,
            sqlite_where=sa.text("merged_into_id IS NULL"),
            postgresql_where=sa.text("merged_into_id IS NULL"),
        )
        batch_op.create_index(
            "ix_organizations_listed_kind_prefecture_code_name_key_id",
            ["kind", "prefecture_code", "name_key", "id", "merged_into_id"],
            unique=False,
            sqlite_where=sa.text("merged_into_id IS NULL"),
            postgresql_where=sa.text("merged_into_id IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_organizations_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_organizations_id_office_code"), ["id", "office_code"])
        batch_op.create_foreign_key(
            batch_op.f("fk_organizations_merged_into_id"), "organizations", ["merged_into_id"], ["id"]
        )
        batch_op.create_check_constraint(op.f("ck_organizations_not_merged_into_itself"), "merged_into_id <> id")

    with op.batch_alter_table("sending_organizations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approval_ended_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_sending_organizations_approval_ends_after_start"), "approval_ended_on >= approved_on"
        )

    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("implementing_office_code", sa.String(length=2), nullable=True))
        batch_op.add_column(sa.Column("supervising_office_code", sa.String(length=2), nullable=True))

    for role in ("implementing", "supervising"):
        op.execute(
            f"UPDATE training_plans SET {role}_office_code = "  # noqa: S608 - constants
            f"(SELECT office_code FROM organizations WHERE id = {role}_organization_id)"
        )
    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.alter_column("implementing_office_code", existing_type=sa.String(length=2), nullable=False)
        batch_op.add_column(sa.Column("trainee_id", sa.Integer(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_training_plans_accredited_on_id"))
        batch_op.drop_index(batch_op.f("ix_training_plans_sending_organization_id"))
        batch_op.create_index(
            "ix_training_plans_category",
            ["category", "accredited_on", "id", "state", "implementing_office_code", "supervising_office_code"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_plans_ends_on_accredited_on_id"), ["ends_on", "accredited_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_training_plans_esd",
            ["accredited_on", "id"],
            unique=False,
            sqlite_where=sa.text("scheme = 'esd'"),
            postgresql_where=sa.text("scheme = 'esd'"),
        )
        batch_op.create_index(
            "ix_training_plans_list",
            ["accredited_on", "id", "state", "category", "implementing_office_code", "supervising_office_code"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_plans_occupation_code_accredited_on_id"),
            ["occupation_code", "accredited_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_training_plans_office",
            ["implementing_office_code", "accredited_on", "id", "state", "category"],
            unique=False,
        )
        batch_op.create_index(
            "ix_training_plans_office_supervising",
            ["supervising_office_code", "accredited_on", "id", "state", "category", "implementing_office_code"],
            unique=False,
        )
        batch_op.create_index(
            "ix_training_plans_revoked",
            ["accredited_on", "id", "category", "implementing_office_code", "supervising_office_code"],
            unique=False,
            sqlite_where=sa.text("state = 'revoked'"),
            postgresql_where=sa.text("state = 'revoked'"),
        )
        batch_op.create_index(
            batch_op.f("ix_training_plans_sending_organization_id_accredited_on_id"),
            ["sending_organization_id", "accredited_on", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_training_plans_trainee_id"), ["trainee_id"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_training_plans_implementing_organization_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_training_plans_supervising_organization_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            "fk_training_plans_supervising_organization",
            "organizations",
            ["supervising_organization_id", "supervising_office_code"],
            ["id", "office_code"],
            onupdate="CASCADE",
        )
        batch_op.create_foreign_key(
            "fk_training_plans_implementing_organization",
            "organizations",
            ["implementing_organization_id", "implementing_office_code"],
            ["id", "office_code"],
            onupdate="CASCADE",
        )
        batch_op.create_foreign_key(batch_op.f("fk_training_plans_trainee_id"), "trainees", ["trainee_id"], ["id"])
        batch_op.drop_constraint(op.f("ck_training_plans_category"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_training_plans_category"), "category IN ('A', 'B', 'C', 'D', 'E', 'F', 'S', 'M')"
        )
        batch_op.drop_constraint(op.f("ck_training_plans_group_type_is_supervised"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_training_plans_group_type_is_supervised"),
            "(category IN ('D', 'E', 'F', 'M')) = (supervising_organization_id IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_training_plans_category_of_scheme"), "(scheme = 'esd') = (category IN ('S', 'M'))"
        )
        batch_op.create_check_constraint(
            op.f("ck_training_plans_supervisor_with_office"),
            "(supervising_organization_id IS NULL) = (supervising_office_code IS NULL)",
        )

    with op.batch_alter_table("dispositions", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_dispositions_proposed_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_dispositions_proposed_kind"),
            "proposed_kind IN ('accreditation_revocation', 'license_revocation', 'class_downgrade', 'business_suspension', 'improvement_order', 'none')",
        )

    with op.batch_alter_table("disposition_decisions", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_disposition_decisions_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_disposition_decisions_kind"),
            "kind IN ('accreditation_revocation', 'license_revocation', 'class_downgrade', 'business_suspension', 'improvement_order', 'none')",
        )

    with op.batch_alter_table("import_batches", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_import_batches_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_import_batches_kind"), "kind IN ('supervising', 'implementing', 'plans', 'occupations')"
        )
    _fold_readings(op.get_bind())
    # The licences that are there: their present term, on the ground that nobody has said another.
    op.execute(
        "INSERT INTO license_terms (license_id, license_class, starts_on, ends_on, ground) "
        "SELECT id, license_class, licensed_on, expires_on, 'imported' FROM licenses"
    )
