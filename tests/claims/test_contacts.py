"""After each contact with the customer the visit sheet and the archive are owed, whichever step the contact is part of (CC-D8)."""

import pytest

from tests.claims import stages
from tests.claims.pages import Desk
from tests.claims.test_matrix import WORKS, prepared
from tests.houses import MONDAY
from tests.input.test_case_forms import as_sent
from zhangfa.audit.models import Event
from zhangfa.claims.models import Talk
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence

# What each step leaves of the contact: kind, way, words.
CONTACTS = {
    "finish_survey": ("contact", "visit", "要求更换"),
    "accept": ("acceptance", "phone", "电话里谈妥"),
    "resolve": ("contact", "message", "次日重做"),
    "move_day": ("contact", "phone", "客户来电同意延后两天"),
}


def owed():
    return list(Occurrence.objects.filter(duty__code="D-CC-12").values_list("state", flat=True))


@pytest.mark.clause("CC-D8")
@pytest.mark.parametrize("note", ["", "无"])
@pytest.mark.parametrize("step", CONTACTS)
def test_survey_acceptance_and_last_answer_are_contacts_too(house, step, note):
    load_catalogue()
    stage, status, _who = WORKS[step]
    obj = prepared(house, step, stage(house, status))
    Talk.objects.all().delete()
    Occurrence.objects.filter(duty__code="D-CC-12").delete()
    kind, mode, words = CONTACTS[step]
    desk = Desk(house, house.handler_of(getattr(obj, "case", obj)))
    address = f"{obj.get_absolute_url()}do/{step}/"
    assert 'name="archive_note"' in desk.text(address)
    fields = as_sent(stages.answers(house, step, obj)) | {"mode": mode, "archive_note": note}
    fields |= {"content": words} if step == "accept" else {}
    assert desk.post(address, fields).status_code == 303
    talk = Talk.objects.select_related("case").get()
    assert (talk.kind, talk.mode, talk.content) == (kind, mode, words)
    assert owed() == ([] if note else ["open"])
    url = talk.case.get_absolute_url()
    part = desk.text(f"{url}?part=talks", **{"HX-Request": "true"})
    assert ("填写访问客户登记记录表" in part) is (not note)
    if not note:
        assert desk.post(f"{url}talks/{talk.pk}/", {"archive_note": "下午在家"}).status_code == 303
        assert owed() == ["done"]
    assert desk.get(f"{url}talks/{talk.pk}/f20.pdf").content.startswith(b"%PDF")


@pytest.mark.clause("CC-D8")
def test_the_sheet_of_a_survey_says_when_the_customer_was_visited(house):
    case = stages.accident(house, "surveyed")
    talk = case.talks.get()
    assert (talk.at, talk.by, talk.archived_at) == (case.arrived_at, case.handler, MONDAY)


@pytest.mark.clause("CC-D8")
def test_what_a_contact_brings_is_written_into_the_customer_s_file(house):
    case = stages.accident(house, "surveyed")
    talk = case.talks.get()
    Talk.objects.filter(pk=talk.pk).update(archive_note="", archived_at=None)
    desk = Desk(house, house.handler_of(case))
    url = f"{case.get_absolute_url()}talks/{talk.pk}/"
    assert "档案栏目" in desk.text(url)
    sheet = {"archive_note": "家里养了狗", "file_field_1": "pets", "file_value_1": ""}
    refused = desk.post(url, sheet)
    assert refused.status_code == 422 and "请同时选择栏目并填写内容" in refused.content.decode()
    sheet |= {"file_value_1": "一只狗", "file_field_2": "time_slots", "file_value_2": "周末上午"}
    assert desk.post(url, sheet).status_code == 303
    file = case.customer.profile
    assert (file.pets, file.time_slots, file.is_finished) == ("一只狗", "周末上午", False)
    assert Event.objects.filter(name="customers.customer.profile_saved").count() == 1
