"""The application factory: the one web module that knows the domains."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from imports.batches import routes as import_routes
from imports.exports import list_routes as export_list_routes
from imports.exports import routes as exports_routes
from inspections.dispositions import models as m1
from inspections.dispositions import routes as dispositions_routes
from inspections.dispositions import suspensions
from inspections.home import routes as home_routes
from inspections.joint import models as m2
from inspections.joint import routes as joint_routes
from inspections.moc import models as m3
from inspections.moc import routes as moc_routes
from inspections.orders import models as m4
from inspections.orders import routes as order_routes
from inspections.scheduling import merged as merged_inspections
from inspections.scheduling import routes as scheduling_routes
from inspections.search import sources as inspection_sources
from inspections.story import events as inspection_events
from inspections.triggers import routes as trigger_routes
from inspections.violations import routes as violation_routes
from inspections.visits import routes as visit_routes
from organizations import schemes
from organizations.accreditation import routes as accreditation_routes
from organizations.licenses import jobs as license_jobs
from organizations.licenses import routes as license_routes
from organizations.licensing import routes as licensing_routes
from organizations.merging import routes as merging_routes
from organizations.notices import routes as notice_routes
from organizations.occupations import routes as occupation_routes
from organizations.plans import routes as plan_routes
from organizations.register import routes as organization_routes
from organizations.relations import routes as relation_routes
from organizations.search import routes as search_routes
from organizations.sending import country_routes as sending_country_routes
from organizations.sending import routes as sending_routes
from organizations.story import routes as story_routes
from organizations.trainees import routes as trainee_routes
from otit import cli, numbering
from otit.admin import job_health
from otit.admin import routes as admin_routes
from otit.auth import access
from otit.auth import routes as auth_routes
from otit.clock import Clock, SystemClock
from otit.config import Settings
from otit.db import db
from otit.demo import commands as demo_commands
from otit.generate import commands as generate_commands
from otit.jobs import models as job_models
from otit.jobs import queue as job_queue
from otit.saved_lists import routes as saved_list_routes
from otit.web import errors, intake, language, once, security, templating
from otit.web.clock import set_clock
from otit.web.limits import limiter
from otit.web.navigation import Reader

HERE = Path(__file__).resolve().parent
TABLES_ELSEWHERE = (job_models, numbering, once, m1, m2, m3, m4)
JOBS_ELSEWHERE = (license_jobs,)
REACTIONS = (merged_inspections, suspensions)  # they connect themselves to the signals of lower subjects

SUBJECTS = (
    auth_routes,
    job_health,
    home_routes,
    scheduling_routes,
    admin_routes,
    schemes,
    organization_routes,
    license_routes,
    licensing_routes,
    plan_routes,
    accreditation_routes,
    notice_routes,
    trainee_routes,
    sending_routes,
    sending_country_routes,
    occupation_routes,
    merging_routes,
    relation_routes,
    visit_routes,
    violation_routes,
    trigger_routes,
    order_routes,
    joint_routes,
    dispositions_routes,
    moc_routes,
    import_routes,
    export_list_routes,
    exports_routes,
    search_routes,
    inspection_sources,
    story_routes,
    inspection_events,
    saved_list_routes,
    demo_commands,
    generate_commands,
)


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Build the application from its settings; `clock` is stopped in tests."""
    app = Flask("otit", root_path=str(HERE), template_folder=str(_templates()), static_folder=str(HERE / "static"))
    app.jinja_environment = templating.PlainEnvironment
    _configure(app, settings)
    set_clock(app, clock or SystemClock())
    db.init_app(app)
    with app.app_context():
        job_queue.connect(db.engine, settings.queue_url)
    Migrate(app, db, directory=str(HERE / "migrations"), render_as_batch=True, compare_type=True)
    CSRFProtect(app)
    Bootstrap5(app)
    Babel(app, locale_selector=auth_routes.selected_locale, default_translation_directories=str(HERE / "translations"))
    limiter.init_app(app)
    templating.register(app, Reader(access.kind_of_reader, access.may_open))
    for part in (intake, language, security, errors, access, *SUBJECTS, cli):
        part.register(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _templates() -> Path:
    """Inside the package in an installed wheel, beside it in a checkout."""
    packed = HERE / "templates"
    return packed if packed.is_dir() else HERE.parent / "templates"


def _configure(app: Flask, settings: Settings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    app.extensions["otit-settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # What people wrote does not belong into a log, so errors come without the values of their statements.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True} | _postgresql(settings),
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_DEFAULT_LOCALE="ja",
        BABEL_DEFAULT_TIMEZONE="Asia/Tokyo",
        RATELIMIT_STORAGE_URI=_limit_storage(settings),
        RATELIMIT_HEADERS_ENABLED=True,
        SESSION_COOKIE_NAME="otit_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=True,
    )


def _postgresql(settings: Settings) -> dict[str, Any]:
    """Statements are planned for the values they come with: partial indexes and the frequency of a name decide. What
    the address of the database asks for stays."""
    if settings.is_sqlite:
        return {}
    own = make_url(settings.database_url).query.get("options", "")
    options = f"{own if isinstance(own, str) else ' '.join(own)} -c plan_cache_mode=force_custom_plan"
    return {"pool_pre_ping": True, "connect_args": {"options": options.strip()}}


def _limit_storage(settings: Settings) -> str:
    url = settings.queue_url
    return f"redis+{url}" if url.startswith("unix://") else url
