"""What acts and records are called on the page of the audit trail. An act is told by what it is about and what was done
("license.renewed"); the same word of an act means the same for every record, but for imports."""

import re
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from otit.auth.access import may_open
from otit.text import N_
from otit.web.field_labels import LABELS

ABOUT: dict[str, str] = {
    "audit": N_("監査証跡"),
    "demo": N_("見本のデータ"),
    "difficulty_notice": N_("実施困難時届出"),
    "disposition": N_("行政処分等"),
    "duplicates": N_("重複の候補"),
    "export": N_("ファイルへの出力"),
    "focal_point": N_("相手国の窓口"),
    "generate": N_("計測用のデータ"),
    "import": N_("取込み"),
    "inspection": N_("実地検査"),
    "job": N_("処理"),
    "joint_result": N_("合同検査の結果"),
    "license": N_("許可"),
    "license_application": N_("許可の申請"),
    "moc_report": N_("相手国への通報"),
    "occupation": N_("職種・作業"),
    "officer": N_("役員等"),
    "order": N_("勧告・指導"),
    "organization": N_("団体"),
    "place": N_("事業所・実習場所・宿泊施設"),
    "plan": N_("技能実習計画"),
    "plan_application": N_("計画の認定申請"),
    "plan_change": N_("計画の変更"),
    "saved_list": N_("保存した一覧"),
    "sending_organization": N_("送出機関"),
    "supervision": N_("監理の契約"),
    "trainee": N_("技能実習生"),
    "trigger": N_("端緒"),
    "user": N_("ユーザー"),
    "violation": N_("違反"),
    "visit": N_("訪問"),
}
DONE: dict[str, str] = {
    "accepted": N_("是正の確認"),
    "accredited": N_("認定"),
    "acknowledge": N_("受領の確認の記録"),
    "added": N_("追加"),
    "annul": N_("処分の取消しの記録"),
    "answer": N_("回答の記録"),
    "applied": N_("申請の受付"),
    "approve": N_("承認"),
    "assigned": N_("担当の決定"),
    "begun": N_("開始"),
    "business_notice": N_("事業の届出"),
    "notice_withdrawn": N_("届出の記録の取消し"),
    "business_notice_followed": N_("届出の効力の発生"),
    "cancelled": N_("取りやめ"),
    "changed": N_("変更"),
    "class_changed": N_("事業区分の変更"),
    "class_restored": N_("事業区分の回復"),
    "close": N_("終結"),
    "closed": N_("終了"),
    "completed": N_("完了"),
    "condition_ended": N_("条件の解除"),
    "condition_set": N_("条件の付加"),
    "content_set": N_("受入れ国・取扱職種の登録"),
    "confirmed": N_("内容の確認"),
    "corrected": N_("訂正"),
    "created": N_("登録"),
    "deactivated": N_("停止"),
    "decide": N_("決定の記録"),
    "decide_none": N_("処分しない決定の記録"),
    "deleted": N_("削除"),
    "demanded": N_("臨時の検査の計画"),
    "discontinued": N_("中止"),
    "dismissed": N_("検査を要しない判断"),
    "downgraded": N_("事業区分の引下げ"),
    "draft": N_("起案"),
    "due_recomputed": N_("期限の計算のし直し"),
    "ended": N_("終わりの記録"),
    "entered": N_("登録"),
    "error_workbook": N_("エラー入りのファイルの取得"),
    "escalated": N_("処分手続への移行"),
    "expired": N_("満了"),
    "extended": N_("期限の延長"),
    "facts_found": N_("事実関係の調査"),
    "facts_given_back": N_("統合で補った事項を戻す"),
    "facts_taken_over": N_("統合で事項を補う"),
    "failed": N_("失敗"),
    "found": N_("検出"),
    "found_insufficient": N_("是正が不十分との判断"),
    "granted": N_("許可"),
    "heard_again": N_("再度の申出"),
    "instructed": N_("勧告・指導"),
    "issued": N_("交付"),
    "joint_ended": N_("合同検査の取りやめ"),
    "joint_planned": N_("合同検査の計画"),
    "kept": N_("保存"),
    "licensed": N_("許可"),
    "list": N_("一覧の出力"),
    "loaded": N_("読込み"),
    "logged": N_("記録"),
    "merge_undone": N_("統合の取消し"),
    "merged": N_("統合"),
    "named": N_("計画との結び付け"),
    "note_no_reply": N_("回答がないことの記録"),
    "notified": N_("軽微な変更の届出"),
    "numbers_released": N_("統合で番号を離す"),
    "numbers_restored": N_("統合で離した番号を戻す"),
    "owner_changed": N_("団体の担当事務所の変更"),
    "password_changed": N_("本人によるパスワードの変更"),
    "password_set": N_("パスワードの再設定"),
    "propose": N_("起案"),
    "publish": N_("公示の記録"),
    "reactivated": N_("再開"),
    "read": N_("閲覧"),
    "received": N_("受付"),
    "reconsidered": N_("再検討"),
    "recorded": N_("記録"),
    "refused": N_("認めない決定"),
    "reinstated": N_("回復"),
    "rejected": N_("破棄"),
    "released": N_("受入れ停止の解除"),
    "renamed": N_("名称の変更"),
    "renewed": N_("更新"),
    "reopened": N_("再検討"),
    "reply_received": N_("報告の受領"),
    "representative_changed": N_("代表者の変更"),
    "resumed": N_("再開"),
    "retried": N_("再実行"),
    "revise": N_("起案の直し"),
    "revocations": N_("取消し等の一覧の出力"),
    "revoked": N_("取消し"),
    "rows_moved": N_("統合で記録を移す"),
    "rows_moved_back": N_("統合で移した記録を戻す"),
    "scheduled": N_("計画"),
    "send": N_("通報の記録"),
    "separated": N_("別の団体との判断"),
    "signed_in": N_("サインイン"),
    "signed_out": N_("サインアウト"),
    "started": N_("開始"),
    "submit": N_("進達の記録"),
    "suspended": N_("停止"),
    "take_effect": N_("効力の発生"),
    "transferred": N_("実施事務所の変更"),
    "uploaded": N_("受付"),
    "verification_requested": N_("検証の依頼"),
    "withdraw": N_("取下げ"),
    "withdrawn": N_("取下げ"),
}
# Where a word of an act means something else.
OF_IMPORTS: dict[str, str] = {"import.applied": N_("登録簿への反映"), "import.read": N_("読込み")}
# {table: (what a record of it is called, the page of one, the argument of its address)}
RECORDS: dict[str, tuple[str, str | None, str]] = {
    "acceptance_suspensions": (N_("受入れの停止"), None, ""),
    "business_notices": (N_("事業の届出"), None, ""),
    "correction_orders": (N_("勧告・指導"), "orders.detail", "order_id"),
    "database": (N_("データベース"), None, ""),
    "difficulty_notices": (N_("実施困難時届出"), "notices.detail", "notice_id"),
    "dispositions": (N_("行政処分等"), "dispositions.detail", "disposition_id"),
    "duplicate_candidates": (N_("重複の候補"), "duplicates.pair", "pair_id"),
    "export": (N_("ファイルへの出力"), None, ""),
    "focal_points": (N_("相手国の窓口"), None, ""),
    "import_batches": (N_("取込み"), "imports.detail", "batch_id"),
    "inspections": (N_("実地検査"), "inspections.detail", "inspection_id"),
    "job_runs": (N_("処理"), "jobs.show", "run_id"),
    "joint_results": (N_("合同検査の結果"), None, ""),
    "license_applications": (N_("許可の申請"), "license_applications.detail", "license_application_id"),
    "license_conditions": (N_("許可の条件"), None, ""),
    "licenses": (N_("許可"), "licenses.detail", "license_id"),
    "moc_reports": (N_("相手国への通報"), "moc.detail", "report_id"),
    "occupations": (N_("職種・作業"), "occupations.detail", "occupation_id"),
    "officers": (N_("役員等"), None, ""),
    "organization_merges": (N_("団体の統合"), "duplicates.merged", "merge_id"),
    "organizations": (N_("団体"), "organizations.detail", "organization_id"),
    "places": (N_("事業所・実習場所・宿泊施設"), None, ""),
    "plan_applications": (N_("計画の認定申請"), "plan_applications.detail", "plan_application_id"),
    "plan_changes": (N_("計画の変更"), "plan_changes.detail", "plan_change_id"),
    "saved_lists": (N_("保存した一覧"), None, ""),
    "sending_organizations": (N_("送出機関"), "sending.detail", "sending_id"),
    "supervisions": (N_("監理の契約"), None, ""),
    "trainees": (N_("技能実習生"), None, ""),
    "training_plans": (N_("技能実習計画"), "plans.detail", "plan_id"),
    "triggers": (N_("端緒"), "triggers.detail", "trigger_id"),
    "users": (N_("ユーザー"), "admin.user", "user_id"),
    "violations": (N_("違反"), "violations.detail", "violation_id"),
    "visits": (N_("訪問"), None, ""),
}
_DAILY = re.compile(r"(\d+) (\d+) \* \* \*")


def act_words(action: str) -> str:
    """許可：更新. Nothing for what has no words; its code stands beside it."""
    about, _dot, done = action.partition(".")
    if about not in ABOUT or done not in DONE:
        return ""
    return str(_("%(label)s：%(text)s", label=_(ABOUT[about]), text=_(OF_IMPORTS.get(action, DONE[done]))))


def record_words(subject_type: str) -> str:
    return str(_(RECORDS[subject_type][0])) if subject_type in RECORDS else subject_type


def record_url(subject_type: str, subject_id: str) -> str | None:
    """The page of the record, where there is one that the reader may open."""
    _word, endpoint, argument = RECORDS.get(subject_type, ("", None, ""))
    if endpoint is None or not may_open(endpoint) or not (subject_id.isdigit() or endpoint == "jobs.show"):
        return None
    values: dict[str, Any] = {argument: subject_id}
    return url_for(endpoint, **values)


def detail_words(name: str) -> str:
    return str(_(LABELS[name])) if name in LABELS else name


def schedule_words(cron: str) -> str:
    """毎日 2:00; a schedule of another kind as it is written."""
    daily = _DAILY.fullmatch(cron)
    return str(_("毎日 %(hour)s:%(minute)s", hour=daily[2], minute=f"{int(daily[1]):02d}")) if daily else cron
