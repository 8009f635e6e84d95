"""The pages of an import, as people in the posts meet them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from tests.houses import MONDAY
from tests.imports import workbooks
from tests.imports.workbooks import brought, checked, work_off, written
from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.imports.models import Import
from zhangfa.organisation.models import Holding, Unit
from zhangfa.records.models import Export
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def cs(client, house):
    client.force_login(house.user("cs"))
    return client


def upload(client, data, target="customers", name="名单.xlsx"):
    return client.post("/imports/new/", {"target": target, "file": SimpleUploadedFile(name, data), "once": name})


def test_a_manager_brings_a_list_in_maps_mends_writes_and_takes_it_back(cs, house):
    answer = upload(cs, workbooks.messy_customers())
    assert answer.status_code == 303, answer.content.decode()[:2000]
    url = answer["Location"]
    batch = Import.objects.get()
    page = cs.get(f"{url}do/check/").content.decode()
    assert "B 列：客户姓名" in page and "把握" in page and "王小明" in page
    fields = {f"col_{n}": field for n, field in workbooks.guessed(batch).items()}
    answer = cs.post(f"{url}do/check/", fields | {"on_known": "skip", "year": "2024", "once": "b"})
    assert answer.status_code == 422 and "数据来源和依据" in answer.content.decode()
    answer = cs.post(
        f"{url}do/check/", fields | {"on_known": "skip", "year": "2024", "source": "2024 年纸质合同", "once": "c"}
    )
    assert answer.status_code == 303
    work_off(batch)
    page = cs.get(url).content.decode()
    assert "没有叫“城东店”的网点" in page and "有错误" in page
    rows = cs.get(f"{url}rows/?state=wrong").content.decode()
    assert "错电话" in rows and "不是电话号码" in rows and f'href="{url}"' in rows, "and a way back"
    page = cs.get(f"{url}rows/7/").content.decode()
    assert "不是电话号码" in page
    answer = cs.post(
        f"{url}rows/7/",
        {
            "name": "错电话",
            "phone": "13800007777",
            "outlet": "east单位",
            "address": "听松苑1幢1",
            "joined_on": "20240310",
            "note": "",
            "once": "d",
        },
    )
    assert answer.status_code == 303 and answer["Location"] == f"{url}rows/8/"
    answer = cs.post(f"{url}do/apply/", {"once": "e"})
    assert answer.status_code == 303
    batch = work_off(batch)
    assert batch.counts["applied"] == 5
    cs.post(f"{url}do/plan_undo/", {"once": "f"})
    work_off(batch)
    assert "全部都能撤销" in cs.get(url).content.decode()
    cs.post(f"{url}do/undo/", {"once": "g"})
    assert work_off(batch).counts["undone"] == 5
    assert not Customer.objects.filter(name="王小明").exists()


@pytest.mark.clause("CS-W2.1")
def test_a_list_s_columns_answer_the_customer_s_file_and_go_with_it(cs, house):
    heads = ["姓名", "手机号", "门店", "面积㎡", "微信号", "性别", "生日", "有无电梯", "宠物", "电话2", "家庭人口"]
    rows = [
        [
            "林小满",
            "13800005551",
            "east单位",
            "约89平",
            "lin_xm",
            "女",
            "1980年5月2日",
            "有",
            "无",
            "0574-87654321",
            "3口",
        ],
        ["周大山", "13800005552", "east单位", "很大", "", "", "", "", "", "", ""],
    ]
    url = upload(cs, workbooks.xlsx(("客户", [heads, *rows])))["Location"]
    batch = Import.objects.get()
    fields = {f"col_{n}": field for n, field in workbooks.guessed(batch).items()}
    assert {fields[f"col_{n}"] for n in range(3, 11)} == {
        "area_m2", "wechat", "sex", "birthday", "has_lift", "pets", "alt_phone", "household_count",
    }  # fmt: skip
    cs.post(f"{url}do/check/", fields | {"on_known": "skip", "source": "2024 年客户登记本", "once": "a"})
    work_off(batch)
    assert "请填写数字" in cs.get(f"{url}rows/2/").content.decode(), "said at its column, mended in place"
    cs.post(f"{url}do/apply/", {"once": "b"})
    batch = work_off(batch)
    row = Customer.objects.get(name="林小满")
    file = row.profile
    assert (file.area_m2, file.wechat, file.sex, file.birthday, file.has_lift) == (
        "89",
        "lin_xm",
        "female",
        "05-02",
        "yes",
    )
    assert (file.pets, file.alt_phone, file.household_count, file.is_finished) == ("#none", "057487654321", "3", False)
    assert row.completeness > 0
    assert "完整度" in cs.get(f"{row.get_absolute_url()}?part=profile").content.decode()
    cs.post(f"{url}do/plan_undo/", {"once": "c"})
    work_off(batch)
    assert "全部都能撤销" in cs.get(url).content.decode()
    cs.post(f"{url}do/undo/", {"once": "d"})
    assert work_off(batch).counts["undone"] == 1
    assert not Customer.objects.filter(name="林小满").exists()


def test_the_worker_begins_by_itself(cs, house):
    from django_tasks_db.models import DBTaskResult

    from zhangfa.runtime.queue import drain

    batch = brought(house, workbooks.messy_customers())
    fields = {f"col_{n}": field for n, field in workbooks.guessed(batch).items()}
    cs.post(
        f"/imports/{batch.pk}/do/check/",
        fields | {"on_known": "skip", "year": "2024", "source": "2024 年纸质合同", "once": "c"},
    )
    assert DBTaskResult.objects.filter(task_path__endswith="carry_on").count() == 1
    drain(MONDAY)
    assert Import.objects.get().status == "checked"


def test_the_list_of_mistakes_goes_out_and_comes_back_mended(cs, house):
    batch = checked(house, brought(house, workbooks.messy_customers()))
    answer = cs.get(f"/imports/{batch.pk}/errors/")
    sheet = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        .get_sheet_by_index(0)
        .to_python(skip_empty_area=False)
    )
    assert Export.objects.get(subject="imports.row").is_masked is False
    heads = sheet[2]
    assert heads[0] == "行号" and heads[-1] == "问题" and len(sheet) == 5
    phone, outlet = heads.index("电话"), heads.index("所属网点")
    sheet[3][phone], sheet[4][outlet] = "13800007777", "east单位"
    mended = workbooks.xlsx(("改好的", sheet))
    answer = cs.post(f"/imports/{batch.pk}/mended/", {"file": SimpleUploadedFile("改好.xlsx", mended), "once": "a"})
    assert answer.status_code == 303, answer.content.decode()[:1500]
    assert work_off(batch).counts == {"ready": 6, "skipped": 1}


def test_a_list_without_row_numbers_is_no_mended_list(cs, house):
    batch = checked(house, brought(house, workbooks.messy_customers()))
    data = workbooks.xlsx(("表", [["姓名"], ["王"]]))
    answer = cs.post(f"/imports/{batch.pk}/mended/", {"file": SimpleUploadedFile("x.xlsx", data), "once": "a"})
    assert answer.status_code == 422 and "行号" in answer.content.decode()


def test_one_value_is_replaced_from_the_page(cs, house):
    batch = checked(house, brought(house, workbooks.messy_customers()))
    assert "统一改成" in cs.get(f"/imports/{batch.pk}/replace/?field=outlet&old=城东店").content.decode()
    cs.post(f"/imports/{batch.pk}/replace/", {"field": "outlet", "old": "城东店", "new": "east单位", "once": "a"})
    assert work_off(batch).counts == {"ready": 5, "skipped": 1, "wrong": 1}


def test_the_heading_is_put_right_by_hand(cs, house):
    data = workbooks.xlsx(("表", [["甲", "乙"], ["名字呢", "号码呢"], ["王", "13800001111"]]))
    batch = brought(house, data)
    answer = cs.post(f"/imports/{batch.pk}/do/reread/", {"sheet": "表", "head": "2", "once": "a"})
    assert answer.status_code == 303
    assert Import.objects.get().shape["sheets"][0]["names"] == ["名字呢", "号码呢"]


def test_progress_is_a_fragment(cs, house):
    batch = checked(house, brought(house, workbooks.messy_customers()))
    Import.objects.filter(pk=batch.pk).update(status="applying")
    answer = cs.get(f"/imports/{batch.pk}/", headers={"HX-Request": "true", "HX-Target": "progress"})
    text = answer.content.decode()
    Import.objects.filter(pk=batch.pk).update(status="applied")
    over = cs.get(f"/imports/{batch.pk}/", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert over.headers["HX-Refresh"] == "true"
    assert text.lstrip().startswith("<section") and "<progress" in text and "every 1500ms" in text


@pytest.mark.parametrize(
    ("who", "status"), [("cs", 200), ("gm", 200), ("am", 404), ("hr", 404), ("net", 404), ("op", 403), ("sw", 403)]
)
def test_an_import_of_customers_is_seen_by_whom_it_concerns(client, house, who, status):
    batch = brought(house, workbooks.messy_customers())
    client.force_login(house.user(who))
    answer = client.get(f"/imports/{batch.pk}/")
    assert answer.status_code in ({403, 404} if status != 200 else {200})
    assert client.get(f"/imports/{batch.pk}/rows/").status_code == answer.status_code
    assert client.get("/imports/").status_code == (403 if who in ("op", "sw") else 200)


def test_no_file_no_import(cs):
    answer = upload(cs, b"")
    assert answer.status_code == 422 and "空" in answer.content.decode()
    answer = upload(cs, b"%PDF-1.7")
    assert answer.status_code == 422 and "xlsx" in answer.content.decode()


def test_in_english(cs, house):
    batch = checked(house, brought(house, workbooks.messy_customers()))
    page = cs.get(f"/imports/{batch.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "There is no outlet called" in page


def test_the_interface_carries_an_import_through(client, house):
    token = tokens.issue(house.user("cs"), at=MONDAY)
    head = {"Authorization": f"Bearer {token}"}
    data = SimpleUploadedFile("名单.xlsx", workbooks.messy_customers())
    answer = client.post("/api/v1/imports", {"target": "customers", "file": data}, headers=head)
    assert answer.status_code == 201, answer.content
    key = answer.json()["number"]
    assert answer.json()["proposed"]["2"] == "phone"
    body = {"on_known": "skip", "source": "2024 年纸质合同", "year": 2024}
    answer = client.post(f"/api/v1/imports/{key}/transitions/check", body, "application/json", headers=head)
    assert answer.status_code == 200, answer.content
    work_off(Import.objects.get())
    rows = client.get(f"/api/v1/imports/{key}/rows?state=wrong", headers=head).json()["items"]
    assert [row["n"] for row in rows] == [7, 8]
    answer = client.post(f"/api/v1/imports/{key}/transitions/apply", {}, "application/json", headers=head)
    assert answer.json()["status"] == "applying"
    work_off(Import.objects.get())
    assert client.get(f"/api/v1/imports/{key}", headers=head).json()["counts"]["applied"] == 4


def test_where_a_customer_came_from_stands_on_the_page(cs, house):
    batch = written(house, checked(house, brought(house, workbooks.messy_customers())))
    wang = Customer.objects.get(name="王小明")
    page = cs.get(f"/customers/{wang.pk}/?part=origin").content.decode()
    assert batch.number in page


@pytest.mark.clause("X-5")
def test_a_staff_list_says_which_units_it_would_set_up_and_knows_an_outlet_in_the_column_of_departments(client, house):
    client.force_login(house.user("hr"))
    heads = ["工号", "姓名", "部门/门店", "岗位", "手机", "入职时间"]
    rows = [
        ["N901", "钱多多", "east单位", "服务员", "15400006001", "2026-02-03"],
        ["N902", "孙小圣", "写错的部门", "服务员", "15400006002", "2026-02-03"],
    ]
    url = upload(client, workbooks.xlsx(("花名册", [heads, *rows])), target="staff")["Location"]
    batch = Import.objects.get()
    fields = {f"col_{n}": field for n, field in workbooks.guessed(batch).items()}
    client.post(f"{url}do/check/", fields | {"on_known": "skip", "once": "a"})
    work_off(batch)
    page = client.get(url).content.decode()
    assert "写入时会新设 1 个单位" in page and "写错的部门" in page
    client.post(f"{url}do/apply/", {"once": "b"})
    work_off(batch)
    assert Holding.objects.get(person__no="N901").seat.unit == house.units["east"]
    assert Unit.objects.filter(name="east单位").count() == 1
