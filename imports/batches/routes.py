"""Pages of the import: the list with the upload, one batch with its preview, and the acts on it."""

from io import BytesIO
from urllib.parse import quote

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response as Redirect

from imports.batches import files, jobs, presenting, queries, search, services
from imports.batches.commands import import_command
from imports.batches.forms import RowsForm, UploadForm
from imports.batches.models import ImportBatch
from imports.batches.states import TRANSITIONS, BatchAct, BatchState, ImportKind, Verdict
from otit.admin.job_health import standing_of
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import NotFound, StateConflict, UserError
from otit.text import N_
from otit.web.clock import clock
from otit.web.forms import BaseForm
from otit.web.navigation import add_nav

bp = Blueprint("imports", __name__, url_prefix="/imports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The page of what a row of each kind is about: (endpoint, argument).
RECORDS = {
    ImportKind.SUPERVISING: ("organizations.detail", "organization_id"),
    ImportKind.IMPLEMENTING: ("organizations.detail", "organization_id"),
    ImportKind.PLANS: ("plans.detail", "plan_id"),
    ImportKind.OCCUPATIONS: ("occupations.detail", "occupation_id"),
}
Answer = str | Redirect | tuple[str, int]


@bp.get("")
@allow(Permission.IMPORT_WORKBOOKS)
def index() -> str:
    return _index(UploadForm())


@bp.post("")
@allow(Permission.IMPORT_WORKBOOKS)
def upload() -> Answer:
    session, actor, form = db.session(), current_actor(), UploadForm()
    if form.validate():
        try:
            batch = services.upload(session, actor, form.content, form.filename, kind=form.kind.data, now=clock().now())
        except UserError as error:
            error.field = "file"
            form.refuse(error)
        else:
            jobs.ask_to_read(session, actor, batch)
            flash(_("ファイルを受け付けました。登録簿はまだ変わっていません。"), "success")
            return _to(batch)
    return _index(form), 422


def _index(form: UploadForm) -> str:
    session = db.session()
    return render_template(
        "imports/batches/list.html",
        form=form,
        page=queries.batch_page(session, request.args.get("cursor")),
        total=queries.count_batches(session),
        kinds=list(ImportKind),
    )


@bp.get("/<int:batch_id>")
@allow(Permission.IMPORT_WORKBOOKS)
def detail(batch_id: int) -> str:
    session, batch = db.session(), _batch(batch_id)
    form = RowsForm.from_address()
    warned = request.args.get("warned") == "1"
    page = queries.row_page(session, batch.id, form.wanted(warned), form.cursor()) if batch.row_count else None
    return render_template(
        "imports/batches/batch.html",
        batch=batch,
        waiting=batch.state in (BatchState.UPLOADED, BatchState.CONFIRMED),
        run=batch.run,
        standing=standing_of(batch.run) if batch.run is not None else None,
        acts={act for act in (BatchAct.CONFIRM, BatchAct.REJECT) if (batch.state, act) in TRANSITIONS},
        Act=BatchAct,
        State=BatchState,
        verdicts=sorted(Verdict, key=lambda verdict: verdict.rank),
        chosen=form.verdict.data,
        warned=warned,
        page=page,
        rows=presenting.row_views(session, batch.kind, page.rows) if page else [],
        record=RECORDS[batch.kind] if batch.kind else None,
        named_by_number=batch.kind is ImportKind.PLANS,
        chart=presenting.verdict_chart(batch) if batch.row_count else None,
        again=batch.state is BatchState.FAILED and queries.has_content(session, batch),
    )


@bp.post("/<int:batch_id>/confirm")
@allow(Permission.IMPORT_WORKBOOKS)
def confirm(batch_id: int) -> Redirect:
    session, actor, batch = db.session(), current_actor(), _expected(batch_id)
    services.confirm(session, actor, batch, sha256=request.form.get("sha256", ""), now=clock().now())
    jobs.ask_to_apply(session, actor, batch)
    flash(_("確定しました。登録簿への反映を始めます。"), "success")
    return _to(batch)


@bp.post("/<int:batch_id>/reject")
@allow(Permission.IMPORT_WORKBOOKS)
def reject(batch_id: int) -> Redirect:
    batch = _expected(batch_id)
    services.reject(db.session(), current_actor(), batch)
    flash(_("取込みを取りやめました。登録簿は変わっていません。"), "success")
    return _to(batch)


@bp.post("/<int:batch_id>/again")
@allow(Permission.IMPORT_WORKBOOKS)
def read_again(batch_id: int) -> Redirect:
    session, actor = db.session(), current_actor()
    batch = services.upload_again(session, actor, _expected(batch_id), now=clock().now())
    jobs.ask_to_read(session, actor, batch)
    flash(_("同じファイルをもう一度読み込みます。"), "success")
    return _to(batch)


@bp.post("/<int:batch_id>/error-workbook")
@allow(Permission.IMPORT_WORKBOOKS)
def error_workbook(batch_id: int) -> Response:
    session, batch = db.session(), _batch(batch_id)
    content = queries.content_of(session, batch)
    if batch.state is not BatchState.READ or content is None:
        raise StateConflict(services.GONE)
    services.note_error_workbook(session, current_actor(), batch)
    rows = queries.issues(session, batch.id)
    stream = files.marked_workbook(content, batch.filename, rows, presenting.reason)
    return _xlsx(stream, f"{batch.number}_{_('誤り')}.xlsx", f"import-{batch.id}-errors.xlsx")


@bp.get("/blank/<string:kind>.xlsx")
@allow(Permission.IMPORT_WORKBOOKS)
def blank(kind: str) -> Response:
    try:
        chosen = ImportKind(kind)
    except ValueError:
        raise NotFound() from None
    stream = files.blank_workbook(chosen)
    return _xlsx(stream, f"{chosen.label}.xlsx", f"{chosen.value}.xlsx")


def _xlsx(stream: BytesIO, name: str, plain: str) -> Response:
    """`plain` is the name in ASCII: left to itself, 実習実施者一覧.xlsx would become `.xlsx`."""
    answer = send_file(stream, XLSX, as_attachment=True, download_name=plain)
    names = {"filename": plain, "filename*": f"UTF-8''{quote(name)}"}
    answer.headers.set("Content-Disposition", "attachment", **names)
    return answer


def _batch(batch_id: int) -> ImportBatch:
    return queries.get_batch(db.session(), batch_id)


def _expected(batch_id: int) -> ImportBatch:
    """The batch as the form was shown for it; a form of an older state is refused."""
    batch = _batch(batch_id)
    form = BaseForm()
    form.validate()
    form.expect_version(batch)
    return batch


def _to(batch: ImportBatch) -> Redirect:
    return redirect(url_for("imports.detail", batch_id=batch.id), 303)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.cli.add_command(import_command)
    search.register(app)
    add_nav(app, N_("取込み"), "imports.index", 60)
