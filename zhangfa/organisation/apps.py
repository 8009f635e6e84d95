from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    name = "zhangfa.organisation"
    label = "organisation"

    def ready(self) -> None:
        from allauth.account.signals import password_changed
        from django.contrib.auth.signals import user_logged_in

        from zhangfa.core import names
        from zhangfa.organisation import jobs, shell, signing_in  # noqa: F401  the job registers its slot
        from zhangfa.organisation.permissions import (
            edit_chart,
            edit_company,
            manage_users,
            read_absences,
            read_chart,
            read_people,
        )
        from zhangfa.organisation.web import beginning
        from zhangfa.organisation.web.fields import LOOKUPS
        from zhangfa.ui import menu, registry, words
        from zhangfa.ui.registry import Status

        post_migrate.connect(names.ensure)
        user_logged_in.connect(signing_in.note, dispatch_uid="organisation.sign_in")
        password_changed.connect(signing_in.renew, dispatch_uid="organisation.password")
        menu.register(
            "people", _("人员"), "organisation:people", icon="users", permission=read_people, order=10, group="people"
        )
        menu.register(
            "absences",
            _("离岗与代理"),
            "organisation:absences",
            icon="calendar-off",
            permission=read_absences,
            order=20,
            group="people",
        )
        menu.register(
            "chart",
            _("组织机构"),
            "organisation:chart",
            icon="sitemap",
            permission=read_chart,
            order=10,
            group="company",
        )
        menu.register(
            "problems",
            _("机构问题"),
            "organisation:problems",
            icon="alert-triangle",
            permission=edit_chart,
            order=20,
            group="company",
        )
        menu.register(
            "calendar",
            _("公司日历"),
            "organisation:calendar",
            icon="calendar",
            permission=read_chart,
            order=30,
            group="company",
        )
        menu.register(
            "company",
            _("公司设置"),
            "organisation:company",
            icon="building",
            permission=edit_company,
            order=40,
            group="company",
        )
        menu.register(
            "users", _("登录账号"), "organisation:users", icon="key", permission=manage_users, order=10, group="system"
        )
        registry.todo.add("beginning", beginning.todo, label=_("开始使用"), order=5, url="organisation:chart")
        registry.search.add("people", shell.search_people, label=_("人员"), order=40)
        for key, lookup in LOOKUPS.items():
            registry.lookups.add(key, lookup)
        in_use = Status(_("使用中"), "green")
        registry.statuses.add("organisation.unit.status", {"active": in_use, "closed": Status(_("已停用"))})
        registry.statuses.add("organisation.seat.status", {"active": in_use, "retired": Status(_("已停用"))})
        registry.statuses.add(
            "organisation.person.status", {"working": Status(_("在职"), "green"), "left": Status(_("已离职"))}
        )
        words.post_names.set(shell.post_names)
        words.company.set(shell.company_name)
