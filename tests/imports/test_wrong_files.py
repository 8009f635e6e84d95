"""Files that are no list, and what is said of each: what is the matter, and what to do about it; and cells that hold more than one thing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.houses import MONDAY
from tests.imports.test_xls import ROWS, xls
from tests.imports.workbooks import brought, checked, messy_customers, written, xlsx
from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.imports.models import Import

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]
PAGE = "<html><body><table><tr><td>姓名</td><td>电话</td></tr></table></body></html>"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.4\n" + bytes(range(256)), "只能导入 xlsx、xls 或 csv 表格"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "只能导入 xlsx、xls 或 csv 表格"),
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf \r\n\r\n", "文件里没有内容"),
        (PAGE.encode(), "其实是网页"),
        (b"\xef\xbb\xbf\n" + PAGE.encode(), "其实是网页"),
        (b'<?xml version="1.0"?><Workbook/>', "其实是网页"),
    ],
)
def test_what_is_no_list_is_refused_at_the_field_with_a_way_out(client, house, data, said):
    client.force_login(house.user("cs"))
    with clock.at(MONDAY):
        answer = client.post(
            "/imports/new/", {"target": "customers", "file": SimpleUploadedFile("名单.xls", data), "once": "a"}
        )
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04" + bytes(300), "可能已损坏"),
        (xlsx(("表", [])), "表格里没有内容"),
        (xlsx(("表", [["", ""], ["", ""]]), ("二", [])), "表格里没有内容"),
        (xlsx(("表", [["客户名单"], ["姓名", "电话", "网点"]])), "只有表头，没有数据"),
    ],
)
def test_a_workbook_that_brings_nothing_says_why_and_offers_another(client, house, data, said):
    batch = brought(house, data)
    assert batch.status == "failed" and said in batch.trouble
    client.force_login(house.user("cs"))
    with clock.at(MONDAY):
        page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "换一个文件" in page and "所有的行" not in page


def test_a_workbook_with_a_password_says_so(house):
    name = "EncryptedPackage"
    whole = xls(ROWS)
    # As the program that locks it writes: a box of the old kind, in it the encrypted whole.
    at = whole.index("Workbook".encode("utf-16-le"))
    text = (name + "\0").encode("utf-16-le")
    data = whole[:at] + text + whole[at + len(text) : at + 64] + len(text).to_bytes(2, "little") + whole[at + 66 :]
    batch = brought(house, data)
    assert batch.status == "failed" and "设了密码" in batch.trouble


def test_the_second_number_of_a_cell_is_kept_as_the_other_one(house):
    rows = [[1, "王小明", "13800001111/13800001112", "听松苑3幢402", "east单位", "", ""]]
    written(house, checked(house, brought(house, messy_customers(rows))))
    made = Customer.objects.get(name="王小明")
    assert (made.phone, made.profile.alt_phone) == ("13800001111", "13800001112")
