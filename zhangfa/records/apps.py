"""The paper spine: one row per paper, and its number, attachments, signatures, copies, comments and prints."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zhangfa.records"
    label = "records"

    def ready(self) -> None:
        from zhangfa.core.text import _
        from zhangfa.core.transitions import sink
        from zhangfa.notices.registry import text
        from zhangfa.records import asking, exports, jobs
        from zhangfa.records.web import shell
        from zhangfa.ui import registry

        text("records.copy", _("收到《%(form)s》%(number)s 的副本，请签收。"))
        text("records.list_ready", _("您要的列表已生成（%(rows)s 行），三天内可以下载。"))
        registry.spreadsheet.set(exports.write_list)
        registry.whole.set(lambda: (exports.ROW_LIMIT, "/records/lists/new/"))
        asking.write_list.set(lambda key: jobs.write_list.enqueue(key))
        shell.join()
        sink(60, "records.prints", jobs.keep_print)
