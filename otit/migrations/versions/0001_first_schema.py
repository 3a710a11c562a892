"""first schema"""

import sqlalchemy as sa
from alembic import op

from otit.db import JsonType, UtcDateTime
from otit.migrations.append_only import protect_audit_trail

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("changes", JsonType, nullable=False),
        sa.Column("detail", JsonType, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_audit_events_actor_present")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_events_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_events_previous_hash")),
    )
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_events_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_events_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_events_at_id"), ["at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_events_subject_type_subject_id"), ["subject_type", "subject_id"], unique=False
        )

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("office_code", sa.String(length=2), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "office_code", "year", name=op.f("pk_counters")),
    )
    op.create_table(
        "import_files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_import_files_sha256_length")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_import_files_size_not_negative")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_import_files")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("supervising", "implementing", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("kana", sa.Text(), nullable=True),
        sa.Column("is_individual", sa.Boolean(), nullable=False),
        sa.Column("corporate_number", sa.String(length=13), nullable=True),
        sa.Column("notification_number", sa.String(length=20), nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("first_training_on", sa.Date(), nullable=True),
        sa.Column("representative", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.String(length=8), nullable=True),
        sa.Column("prefecture_code", sa.String(length=2), nullable=False),
        sa.Column("office_code", sa.String(length=2), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("staff_count", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active", "suspended", "closed", name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_organizations_name_present")),
        sa.CheckConstraint(
            "NOT (is_individual AND corporate_number IS NOT NULL)",
            name=op.f("ck_organizations_individual_without_number"),
        ),
        sa.CheckConstraint("length(corporate_number) = 13", name=op.f("ck_organizations_corporate_number_length")),
        sa.CheckConstraint("staff_count >= 0", name=op.f("ck_organizations_staff_count_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organizations_kind_name_key_id"), ["kind", "name_key", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_organizations_kind_office_code_name_key_id"),
            ["kind", "office_code", "name_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_organizations_kind_prefecture_code_name_key_id"),
            ["kind", "prefecture_code", "name_key", "id"],
            unique=False,
        )
        batch_op.create_index("uq_organizations_kind_corporate_number", ["kind", "corporate_number"], unique=True)
        batch_op.create_index("uq_organizations_notification_number", ["notification_number"], unique=True)

    op.create_table(
        "sending_organizations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("number", sa.String(length=9), nullable=True),
        sa.Column("reference_number", sa.String(length=20), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("representative", sa.Text(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(country) = 3", name=op.f("ck_sending_organizations_country_alpha3")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_organizations")),
    )
    with op.batch_alter_table("sending_organizations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sending_organizations_country_name_key_id"), ["country", "name_key", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sending_organizations_name_key_id"), ["name_key", "id"], unique=False)
        batch_op.create_index("uq_sending_organizations_number", ["number"], unique=True)

    op.create_table(
        "sent_forms",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_sent_forms")),
    )
    with op.batch_alter_table("sent_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_forms_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("display_name", sa.String(length=100), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "inspector",
                "labour_standards",
                "manager",
                "international",
                "administrator",
                "read_only",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("office_code", sa.String(length=2), nullable=True),
        sa.Column("bureau_code", sa.String(length=2), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(role = 'labour_standards') = (bureau_code IS NOT NULL)", name=op.f("ck_users_bureau_of_labour_standards")
        ),
        sa.CheckConstraint(
            "role <> 'inspector' OR office_code IS NOT NULL", name=op.f("ck_users_inspector_has_office")
        ),
        sa.CheckConstraint("bureau_code IS NULL OR office_code IS NULL", name=op.f("ck_users_one_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_table(
        "acceptance_suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_organization_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_acceptance_suspensions_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["sending_organization_id"],
            ["sending_organizations.id"],
            name=op.f("fk_acceptance_suspensions_sending_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_suspensions")),
    )
    with op.batch_alter_table("acceptance_suspensions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_acceptance_suspensions_open",
            ["sending_organization_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    op.create_table(
        "inspections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum("tit", "esd", name="scheme", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("periodic", "ad_hoc", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("cycle", sa.String(length=10), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "due_basis",
            sa.Enum(
                "last_inspection",
                "licensed",
                "first_training",
                "notified",
                "registered",
                "demanded",
                name="due_basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_basis_on", sa.Date(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "assigned",
                "in_progress",
                "done",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_office_code", sa.String(length=2), nullable=False),
        sa.Column("office_code", sa.String(length=2), nullable=False),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("bureau_code", sa.String(length=2), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancelled_reason", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'periodic') = (cycle IS NOT NULL)", name=op.f("ck_inspections_periodic_has_cycle")),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_on IS NOT NULL)", name=op.f("ck_inspections_cancelled_with_date")
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_reason IS NOT NULL)", name=op.f("ck_inspections_cancelled_with_reason")
        ),
        sa.CheckConstraint("(state = 'done') = (completed_on IS NOT NULL)", name=op.f("ck_inspections_done_with_date")),
        sa.CheckConstraint(
            "state <> 'planned' OR assigned_to_id IS NULL", name=op.f("ck_inspections_planned_is_unassigned")
        ),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'in_progress') OR assigned_to_id IS NOT NULL",
            name=op.f("ck_inspections_assigned_to_somebody"),
        ),
        sa.ForeignKeyConstraint(["assigned_to_id"], ["users.id"], name=op.f("fk_inspections_assigned_to_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_inspections_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
    )
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspections_assigned_to_id_state_due_on_id"),
            ["assigned_to_id", "state", "due_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_inspections_bureau_code_due_on_id"), ["bureau_code", "due_on", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_inspections_due_on_id"), ["due_on", "id"], unique=False)
        batch_op.create_index(
            "ix_inspections_open",
            ["due_on", "id", "state", "office_code", "owner_office_code", "assigned_to_id", "kind", "bureau_code"],
            unique=False,
            sqlite_where=sa.text("state IN ('planned', 'assigned', 'in_progress')"),
            postgresql_where=sa.text("state IN ('planned', 'assigned', 'in_progress')"),
        )
        batch_op.create_index(
            "ix_inspections_open_of_office",
            ["office_code", "due_on", "id", "state", "owner_office_code", "assigned_to_id", "kind", "bureau_code"],
            unique=False,
            sqlite_where=sa.text("state IN ('planned', 'assigned', 'in_progress')"),
            postgresql_where=sa.text("state IN ('planned', 'assigned', 'in_progress')"),
        )
        batch_op.create_index(
            "ix_inspections_past",
            ["organization_id", "state", "completed_on", "kind", "cancelled_on", "scheme"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_inspections_state_due_on_id"), ["state", "due_on", "id"], unique=False)
        batch_op.create_index("uq_inspections_number", ["number"], unique=True)
        batch_op.create_index(
            "uq_inspections_organization_id_open",
            ["organization_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'periodic' AND state IN ('planned', 'assigned', 'in_progress')"),
            postgresql_where=sa.text("kind = 'periodic' AND state IN ('planned', 'assigned', 'in_progress')"),
        )

    op.create_table(
        "job_runs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("args", JsonType, nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "succeeded",
                "failed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("params", JsonType, nullable=False),
        sa.Column("result", JsonType, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_params", JsonType, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("business_key", sa.String(length=120), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'failed') = (error IS NOT NULL)", name=op.f("ck_job_runs_failed_says_why")),
        sa.CheckConstraint(
            "(status IN ('succeeded', 'failed')) = (finished_at IS NOT NULL)", name=op.f("ck_job_runs_finished_at_end")
        ),
        sa.CheckConstraint("requested_by <> ''", name=op.f("ck_job_runs_requester_present")),
        sa.CheckConstraint(
            "status <> 'running' OR started_at IS NOT NULL", name=op.f("ck_job_runs_running_was_started")
        ),
        sa.CheckConstraint("attempts >= 0 AND attempts <= max_attempts", name=op.f("ck_job_runs_attempts_in_range")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_job_runs_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
        sa.UniqueConstraint("business_key", name=op.f("uq_job_runs_business_key")),
    )
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_runs_created_at_id"), ["created_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_runs_kind_created_at"), ["kind", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_runs_status_due_at"), ["status", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_runs_user_id"), ["user_id"], unique=False)

    op.create_table(
        "licenses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum("tit", "esd", name="scheme", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column(
            "license_class",
            sa.Enum("general", "specific", name="license_class", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "licensed",
                "suspended",
                "expired",
                "revoked",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("licensed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("handles_care", sa.Boolean(), nullable=False),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("bar_until", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_licenses_closed_with_date")),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_on IS NOT NULL)", name=op.f("ck_licenses_revoked_with_date")
        ),
        sa.CheckConstraint(
            "(state = 'suspended') = (suspended_until IS NOT NULL)", name=op.f("ck_licenses_suspended_with_end")
        ),
        sa.CheckConstraint("(revoked_on IS NULL) = (bar_until IS NULL)", name=op.f("ck_licenses_bar_with_revocation")),
        sa.CheckConstraint("closed_on >= licensed_on", name=op.f("ck_licenses_closed_after_licensed")),
        sa.CheckConstraint("expires_on >= licensed_on", name=op.f("ck_licenses_expires_after_licensed")),
        sa.CheckConstraint("revoked_on >= licensed_on", name=op.f("ck_licenses_revoked_after_licensed")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_licenses_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licenses")),
    )
    with op.batch_alter_table("licenses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licenses_expires_on_id"), ["expires_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_licenses_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("uq_licenses_number", ["number"], unique=True)
        batch_op.create_index(
            "uq_licenses_organization_id_scheme_live",
            ["organization_id", "scheme"],
            unique=True,
            sqlite_where=sa.text("state IN ('licensed', 'suspended')"),
            postgresql_where=sa.text("state IN ('licensed', 'suspended')"),
        )

    op.create_table(
        "moc_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("sending_organization_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "approved",
                "sent",
                "acknowledged",
                "answered",
                "no_reply",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_reference", sa.String(length=60), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column(
            "measure",
            sa.Enum(
                "guidance",
                "suspension",
                "authorization_revoked",
                "none",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_moc_reports_closed_with_date")
        ),
        sa.CheckConstraint(
            "(state = 'drafted') = (approved_by_id IS NULL)", name=op.f("ck_moc_reports_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "(state IN ('drafted', 'approved')) = (sent_on IS NULL)", name=op.f("ck_moc_reports_sent_with_date")
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_on IS NOT NULL", name=op.f("ck_moc_reports_answer_present")
        ),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (measure IS NULL)", name=op.f("ck_moc_reports_answered_with_measure")
        ),
        sa.CheckConstraint(
            "(approved_on IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_moc_reports_approved_with_date")
        ),
        sa.CheckConstraint(
            "(sent_on IS NULL) = (answer_due_on IS NULL)", name=op.f("ck_moc_reports_sent_with_answer_date")
        ),
        sa.CheckConstraint("answer_due_on >= sent_on", name=op.f("ck_moc_reports_answer_due_after_sending")),
        sa.CheckConstraint("answered_on >= sent_on", name=op.f("ck_moc_reports_answered_after_sending")),
        sa.CheckConstraint("approved_by_id <> drafted_by_id", name=op.f("ck_moc_reports_approved_by_another")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_moc_reports_approved_by_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["users.id"], name=op.f("fk_moc_reports_drafted_by_id")),
        sa.ForeignKeyConstraint(
            ["sending_organization_id"],
            ["sending_organizations.id"],
            name=op.f("fk_moc_reports_sending_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moc_reports")),
    )
    with op.batch_alter_table("moc_reports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_moc_reports_sending_organization_id"), ["sending_organization_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_moc_reports_state_answer_due_on_id"), ["state", "answer_due_on", "id"], unique=False
        )
        batch_op.create_index("uq_moc_reports_number", ["number"], unique=True)

    op.create_table(
        "training_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum("tit", "esd", name="scheme", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "A", "B", "C", "D", "E", "F", name="category", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("implementing_organization_id", sa.Integer(), nullable=False),
        sa.Column("supervising_organization_id", sa.Integer(), nullable=True),
        sa.Column("sending_organization_id", sa.Integer(), nullable=True),
        sa.Column("occupation_code", sa.String(length=12), nullable=True),
        sa.Column("nationality", sa.String(length=3), nullable=True),
        sa.Column("accredited_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "accredited",
                "completed",
                "discontinued",
                "revoked",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("bar_until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(category IN ('D', 'E', 'F')) = (supervising_organization_id IS NOT NULL)",
            name=op.f("ck_training_plans_group_type_is_supervised"),
        ),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_on IS NOT NULL)", name=op.f("ck_training_plans_revoked_with_date")
        ),
        sa.CheckConstraint(
            "(state IN ('completed', 'discontinued')) = (ended_on IS NOT NULL)",
            name=op.f("ck_training_plans_ended_with_date"),
        ),
        sa.CheckConstraint(
            "(revoked_on IS NULL) = (bar_until IS NULL)", name=op.f("ck_training_plans_bar_with_revocation")
        ),
        sa.CheckConstraint("ended_on >= accredited_on", name=op.f("ck_training_plans_ended_after_accredited")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_training_plans_ends_after_start")),
        sa.CheckConstraint("revoked_on >= accredited_on", name=op.f("ck_training_plans_revoked_after_accredited")),
        sa.ForeignKeyConstraint(
            ["implementing_organization_id"],
            ["organizations.id"],
            name=op.f("fk_training_plans_implementing_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sending_organization_id"],
            ["sending_organizations.id"],
            name=op.f("fk_training_plans_sending_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supervising_organization_id"],
            ["organizations.id"],
            name=op.f("fk_training_plans_supervising_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plans")),
    )
    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_plans_accredited_on_id"), ["accredited_on", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_training_plans_implementing_organization_id_accredited_on_id"),
            ["implementing_organization_id", "accredited_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_plans_sending_organization_id"), ["sending_organization_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_training_plans_supervising_organization_id_accredited_on_id"),
            ["supervising_organization_id", "accredited_on", "id"],
            unique=False,
        )
        batch_op.create_index("uq_training_plans_number", ["number"], unique=True)

    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_user_sessions_expires_later")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "correction_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column(
            "authority",
            sa.Enum("otit", "labour_standards", name="authority", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("bureau_code", sa.String(length=2), nullable=True),
        sa.Column(
            "instrument",
            sa.Enum(
                "improvement_recommendation",
                "improvement_guidance",
                "corrective_recommendation",
                "guidance_slip",
                "stop_use_order",
                name="instrument",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "issued",
                "replied",
                "insufficient",
                "accepted",
                "escalated",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("escalation_reason", sa.Text(), nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(authority = 'labour_standards') = (bureau_code IS NOT NULL)",
            name=op.f("ck_correction_orders_bureau_of_authority"),
        ),
        sa.CheckConstraint(
            "(authority = 'otit') = (instrument IN ('improvement_recommendation', 'improvement_guidance'))",
            name=op.f("ck_correction_orders_instrument_of_authority"),
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_on IS NOT NULL)", name=op.f("ck_correction_orders_accepted_with_date")
        ),
        sa.CheckConstraint(
            "(state = 'escalated') = (escalated_on IS NOT NULL)", name=op.f("ck_correction_orders_escalated_with_date")
        ),
        sa.CheckConstraint(
            "(escalated_on IS NULL) = (escalation_reason IS NULL)",
            name=op.f("ck_correction_orders_escalated_with_reason"),
        ),
        sa.CheckConstraint("due_on >= issued_on", name=op.f("ck_correction_orders_due_after_issue")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_correction_orders_inspection_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["users.id"], name=op.f("fk_correction_orders_issued_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_orders")),
    )
    with op.batch_alter_table("correction_orders", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_correction_orders_bureau_code_due_on_id"), ["bureau_code", "due_on", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_correction_orders_due_on_id"), ["due_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_orders_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_correction_orders_state_due_on_id"), ["state", "due_on", "id"], unique=False
        )
        batch_op.create_index("uq_correction_orders_number", ["number"], unique=True)

    op.create_table(
        "dispositions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column("license_id", sa.Integer(), nullable=True),
        sa.Column("office_code", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "submitted",
                "decided",
                "effective",
                "published",
                "not_taken",
                "withdrawn",
                "annulled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "proposed_kind",
            sa.Enum(
                "accreditation_revocation",
                "license_revocation",
                "business_suspension",
                "improvement_order",
                "none",
                name="proposed_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("annulled_on", sa.Date(), nullable=True),
        sa.Column("annulled_reason", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'annulled') = (annulled_on IS NOT NULL)", name=op.f("ck_dispositions_annulled_with_date")
        ),
        sa.CheckConstraint(
            "(state IN ('effective', 'published', 'annulled')) = (effective_on IS NOT NULL)",
            name=op.f("ck_dispositions_effective_with_date"),
        ),
        sa.CheckConstraint("proposed_kind <> 'none'", name=op.f("ck_dispositions_proposes_something")),
        sa.CheckConstraint("published_on >= effective_on", name=op.f("ck_dispositions_published_after_effect")),
        sa.CheckConstraint("submitted_on >= proposed_on", name=op.f("ck_dispositions_submitted_after_proposal")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_dispositions_inspection_id")),
        sa.ForeignKeyConstraint(["license_id"], ["licenses.id"], name=op.f("fk_dispositions_license_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_dispositions_organization_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_dispositions_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispositions")),
    )
    with op.batch_alter_table("dispositions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispositions_effective_on_id"), ["effective_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispositions_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispositions_proposed_on_id"), ["proposed_on", "id"], unique=False)
        batch_op.create_index("uq_dispositions_number", ["number"], unique=True)

    op.create_table(
        "import_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "supervising",
                "implementing",
                "plans",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "read",
                "validated",
                "unchanged",
                "confirmed",
                "applied",
                "rejected",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("changed_count", sa.Integer(), nullable=False),
        sa.Column("unchanged_count", sa.Integer(), nullable=False),
        sa.Column("error_count", sa.Integer(), nullable=False),
        sa.Column("warned_count", sa.Integer(), nullable=False),
        sa.Column("notes", JsonType, nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("failure_params", JsonType, nullable=False),
        sa.Column("uploaded_by", sa.String(length=80), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("applied_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'applied') = (applied_at IS NOT NULL)", name=op.f("ck_import_batches_applied_at_end")
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_import_batches_failed_says_why")
        ),
        sa.CheckConstraint("state <> 'read' OR error_count > 0", name=op.f("ck_import_batches_read_has_errors")),
        sa.CheckConstraint(
            "state <> 'unchanged' OR (new_count = 0 AND changed_count = 0)",
            name=op.f("ck_import_batches_unchanged_changes_nothing"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'applied') OR confirmed_at IS NOT NULL",
            name=op.f("ck_import_batches_confirmed_by_someone"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('validated', 'unchanged', 'confirmed', 'applied') OR (error_count = 0 AND kind IS NOT NULL)",
            name=op.f("ck_import_batches_proved_without_errors"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_import_batches_confirmed_at_and_by")
        ),
        sa.CheckConstraint(
            "new_count >= 0 AND changed_count >= 0 AND unchanged_count >= 0 AND error_count >= 0 AND warned_count >= 0",
            name=op.f("ck_import_batches_counts_not_negative"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["users.id"], name=op.f("fk_import_batches_confirmed_by_id")),
        sa.ForeignKeyConstraint(["run_id"], ["job_runs.id"], name=op.f("fk_import_batches_run_id")),
        sa.ForeignKeyConstraint(["sha256"], ["import_files.sha256"], name=op.f("fk_import_batches_sha256")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["users.id"], name=op.f("fk_import_batches_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
        sa.UniqueConstraint("number", name=op.f("uq_import_batches_number")),
    )
    with op.batch_alter_table("import_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batches_sha256"), ["sha256"], unique=False)

    op.create_table(
        "job_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=120), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "succeeded", "failed", "lost", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_params", JsonType, nullable=False),
        sa.CheckConstraint("(finished_at IS NULL) = (outcome IS NULL)", name=op.f("ck_job_attempts_outcome_at_end")),
        sa.ForeignKeyConstraint(["run_id"], ["job_runs.id"], name=op.f("fk_job_attempts_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_attempts")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_job_attempts_run_id_number")),
    )
    op.create_table(
        "joint_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("bureau_code", sa.String(length=2), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("violation_found", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("confidential", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_joint_results_inspection_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_joint_results_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_results")),
        sa.UniqueConstraint("inspection_id", "bureau_code", name=op.f("uq_joint_results_inspection_id_bureau_code")),
    )
    op.create_table(
        "license_countries",
        sa.Column("license_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["license_id"], ["licenses.id"], name=op.f("fk_license_countries_license_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("license_id", "country", name=op.f("pk_license_countries")),
    )
    op.create_table(
        "license_occupations",
        sa.Column("license_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["license_id"], ["licenses.id"], name=op.f("fk_license_occupations_license_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("license_id", "code", name=op.f("pk_license_occupations")),
    )
    op.create_table(
        "moc_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "revise",
                "approve",
                "send",
                "acknowledge",
                "answer",
                "note_no_reply",
                "close",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_moc_steps_recorded_by_id")),
        sa.ForeignKeyConstraint(["report_id"], ["moc_reports.id"], name=op.f("fk_moc_steps_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moc_steps")),
        sa.UniqueConstraint("report_id", "act", name=op.f("uq_moc_steps_report_id_act")),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "done",
                "attempted",
                "refused",
                "absent",
                "closed_down",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("people_present", sa.Text(), nullable=False),
        sa.Column("observations", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome <> 'done' OR people_present <> ''", name=op.f("ck_visits_done_with_people")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_visits_inspection_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_visits_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visits_inspection_id_visited_on_id"), ["inspection_id", "visited_on", "id"], unique=False
        )

    op.create_table(
        "disposition_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disposition_id", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(length=30), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "accreditation_revocation",
                "license_revocation",
                "business_suspension",
                "improvement_order",
                "none",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("suspension_until", sa.Date(), nullable=True),
        sa.Column("document_number", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'business_suspension') = (suspension_until IS NOT NULL)",
            name=op.f("ck_disposition_decisions_suspension_with_end"),
        ),
        sa.CheckConstraint(
            "(kind = 'none') = (effective_on IS NULL)", name=op.f("ck_disposition_decisions_effect_of_a_disposition")
        ),
        sa.CheckConstraint(
            "effective_on >= decided_on", name=op.f("ck_disposition_decisions_effective_after_decision")
        ),
        sa.CheckConstraint(
            "suspension_until >= effective_on", name=op.f("ck_disposition_decisions_suspension_ends_after_effect")
        ),
        sa.ForeignKeyConstraint(
            ["disposition_id"], ["dispositions.id"], name=op.f("fk_disposition_decisions_disposition_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_disposition_decisions_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposition_decisions")),
        sa.UniqueConstraint("disposition_id", name=op.f("uq_disposition_decisions_disposition_id")),
    )
    op.create_table(
        "disposition_grounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disposition_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("provision_code", sa.String(length=30), nullable=False),
        sa.Column("provision_from", sa.Date(), nullable=False),
        sa.Column("via_code", sa.String(length=30), nullable=True),
        sa.Column("via_from", sa.Date(), nullable=True),
        sa.CheckConstraint("stage IN ('proposal', 'decision')", name=op.f("ck_disposition_grounds_stage")),
        sa.ForeignKeyConstraint(
            ["disposition_id"], ["dispositions.id"], name=op.f("fk_disposition_grounds_disposition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposition_grounds")),
        sa.UniqueConstraint(
            "disposition_id",
            "stage",
            "provision_code",
            "via_code",
            name=op.f("uq_disposition_grounds_disposition_id_stage_provision_code_via_code"),
        ),
    )
    op.create_table(
        "disposition_plans",
        sa.Column("disposition_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["disposition_id"], ["dispositions.id"], name=op.f("fk_disposition_plans_disposition_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["training_plans.id"], name=op.f("fk_disposition_plans_plan_id")),
        sa.PrimaryKeyConstraint("disposition_id", "plan_id", name=op.f("pk_disposition_plans")),
    )
    with op.batch_alter_table("disposition_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disposition_plans_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "disposition_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disposition_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "submit",
                "withdraw",
                "decide",
                "decide_none",
                "take_effect",
                "publish",
                "annul",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("recorded_by <> ''", name=op.f("ck_disposition_steps_recorder_present")),
        sa.ForeignKeyConstraint(
            ["disposition_id"], ["dispositions.id"], name=op.f("fk_disposition_steps_disposition_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_disposition_steps_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposition_steps")),
        sa.UniqueConstraint("disposition_id", "act", name=op.f("uq_disposition_steps_disposition_id_act")),
    )
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "new",
                "changed",
                "unchanged",
                "error",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("warned", sa.Boolean(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("target_version", sa.Integer(), nullable=True),
        sa.Column("license_id", sa.Integer(), nullable=True),
        sa.Column("license_version", sa.Integer(), nullable=True),
        sa.Column("values", JsonType, nullable=False),
        sa.Column("changes", JsonType, nullable=False),
        sa.Column("errors", JsonType, nullable=False),
        sa.Column("warnings", JsonType, nullable=False),
        sa.CheckConstraint(
            "verdict <> 'changed' OR target_id IS NOT NULL", name=op.f("ck_import_rows_changed_has_target")
        ),
        sa.CheckConstraint(
            "target_id IS NOT NULL OR target_version IS NULL", name=op.f("ck_import_rows_target_of_version")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_rows_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
    )
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_rows_batch_id_rank_id"), ["batch_id", "rank", "id"], unique=False)

    op.create_table(
        "order_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("previous_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_order_extensions_with_reason")),
        sa.CheckConstraint("due_on > previous_due_on", name=op.f("ck_order_extensions_later")),
        sa.ForeignKeyConstraint(["order_id"], ["correction_orders.id"], name=op.f("fk_order_extensions_order_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_order_extensions_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_extensions")),
    )
    with op.batch_alter_table("order_extensions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_extensions_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("sufficient", sa.Boolean(), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(assessed_on IS NULL) = (sufficient IS NULL)", name=op.f("ck_order_replies_assessed_with_result")
        ),
        sa.CheckConstraint("assessed_on >= received_on", name=op.f("ck_order_replies_assessed_after_receipt")),
        sa.ForeignKeyConstraint(["order_id"], ["correction_orders.id"], name=op.f("fk_order_replies_order_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_order_replies_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_replies")),
    )
    with op.batch_alter_table("order_replies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_replies_order_id"), ["order_id"], unique=False)

    op.create_table(
        "violations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column(
            "authority",
            sa.Enum("otit", "labour_standards", name="authority", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("bureau_code", sa.String(length=2), nullable=True),
        sa.Column("provision_code", sa.String(length=30), nullable=False),
        sa.Column("provision_from", sa.Date(), nullable=False),
        sa.Column("category_code", sa.String(length=30), nullable=True),
        sa.Column("fact_on", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "instructed",
                "closed",
                "escalated",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("escalation_reason", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(authority = 'labour_standards') = (bureau_code IS NOT NULL)",
            name=op.f("ck_violations_bureau_of_authority"),
        ),
        sa.CheckConstraint("(authority = 'otit') = (visit_id IS NOT NULL)", name=op.f("ck_violations_otit_from_visit")),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_violations_closed_with_date")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_violations_inspection_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_violations_recorded_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_violations_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violations")),
        sa.UniqueConstraint(
            "inspection_id",
            "authority",
            "provision_code",
            "fact_on",
            name=op.f("uq_violations_inspection_id_authority_provision_code_fact_on"),
        ),
    )
    with op.batch_alter_table("violations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_violations_state_fact_on_id"), ["state", "fact_on", "id"], unique=False)

    op.create_table(
        "order_violations",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("violation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["correction_orders.id"], name=op.f("fk_order_violations_order_id")),
        sa.ForeignKeyConstraint(["violation_id"], ["violations.id"], name=op.f("fk_order_violations_violation_id")),
        sa.PrimaryKeyConstraint("order_id", "violation_id", name=op.f("pk_order_violations")),
    )

    protect_audit_trail(op)


def downgrade() -> None:
    raise NotImplementedError("the first schema is not taken down: restore a backup")
