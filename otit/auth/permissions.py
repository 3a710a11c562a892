"""Who may do what: roles, permissions, and the one matrix between them. Deny by default."""

from enum import StrEnum

from otit.labels import Labelled
from otit.text import N_


class Role(Labelled):
    INSPECTOR = "inspector", N_("検査官")
    LABOUR_STANDARDS = "labour_standards", N_("労働基準監督官")
    MANAGER = "manager", N_("管理職")
    INTERNATIONAL = "international", N_("国際担当")
    ADMINISTRATOR = "administrator", N_("システム管理者")
    READ_ONLY = "read_only", N_("閲覧者")


class Permission(StrEnum):
    """One per kind of act; the endpoint and the service both ask for it."""

    VIEW_REGISTERS = "view_registers"
    MAINTAIN_REGISTERS = "maintain_registers"
    VIEW_TRAINEES = "view_trainees"
    ACCREDIT_PLANS = "accredit_plans"
    VIEW_INSPECTIONS = "view_inspections"
    ASSIGN_INSPECTIONS = "assign_inspections"
    LOG_VISITS = "log_visits"
    ISSUE_INSTRUMENTS = "issue_instruments"
    RUN_SCHEDULE = "run_schedule"
    VIEW_JOINT_INSPECTIONS = "view_joint_inspections"
    RECORD_JOINT_RESULTS = "record_joint_results"
    VIEW_DISPOSITIONS = "view_dispositions"
    PROPOSE_DISPOSITIONS = "propose_dispositions"
    RECORD_DECISIONS = "record_decisions"
    EXPORT_LISTS = "export_lists"
    VIEW_SENDING = "view_sending"
    MAINTAIN_SENDING = "maintain_sending"
    REPORT_MOC = "report_moc"
    APPROVE_MOC = "approve_moc"
    IMPORT_WORKBOOKS = "import_workbooks"
    MANAGE_USERS = "manage_users"
    VIEW_AUDIT = "view_audit"
    VIEW_JOBS = "view_jobs"


# What changes the registers of the whole country: whoever is bound to a local office does not hold it.
HEADQUARTERS_ONLY = frozenset({Permission.IMPORT_WORKBOOKS})

_READ = frozenset(
    {
        Permission.VIEW_REGISTERS,
        Permission.VIEW_INSPECTIONS,
        Permission.VIEW_DISPOSITIONS,
        Permission.VIEW_SENDING,
    }
)

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.INSPECTOR: _READ
    | {Permission.VIEW_TRAINEES, Permission.LOG_VISITS, Permission.ISSUE_INSTRUMENTS, Permission.EXPORT_LISTS},
    Role.LABOUR_STANDARDS: frozenset({Permission.VIEW_JOINT_INSPECTIONS, Permission.RECORD_JOINT_RESULTS}),
    Role.MANAGER: _READ
    | {
        Permission.MAINTAIN_REGISTERS,
        Permission.VIEW_TRAINEES,
        Permission.ACCREDIT_PLANS,
        Permission.ASSIGN_INSPECTIONS,
        Permission.LOG_VISITS,
        Permission.ISSUE_INSTRUMENTS,
        Permission.RUN_SCHEDULE,
        Permission.PROPOSE_DISPOSITIONS,
        Permission.RECORD_DECISIONS,
        Permission.EXPORT_LISTS,
        Permission.IMPORT_WORKBOOKS,
        Permission.APPROVE_MOC,
        Permission.VIEW_JOBS,
    },
    Role.INTERNATIONAL: frozenset({Permission.VIEW_REGISTERS, Permission.VIEW_SENDING, Permission.MAINTAIN_SENDING})
    | {Permission.REPORT_MOC, Permission.EXPORT_LISTS},
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.VIEW_REGISTERS,
            Permission.MAINTAIN_REGISTERS,
            Permission.IMPORT_WORKBOOKS,
            Permission.MANAGE_USERS,
            Permission.VIEW_AUDIT,
            Permission.VIEW_JOBS,
        }
    ),
    Role.READ_ONLY: _READ,
}
