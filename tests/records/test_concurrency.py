"""Several people at one counter and at one signature, on both databases."""

import threading

import pytest
from django.db import connection, transaction

from tests.houses import MONDAY, House
from tests.records.papers import CODE, open_paper
from zhangfa.core.decisions import Refused
from zhangfa.records import actions
from zhangfa.records.models import Record, Signature

pytestmark = pytest.mark.django_db(transaction=True)


def together(work, count=4):
    gate, found = threading.Barrier(count), []

    def run(number):
        try:
            gate.wait()
            found.append(work(number))
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


class Broken(Exception):
    pass


def test_numbers_have_no_gaps_among_eight_people_some_of_whom_fail(form):
    house = House()

    def hand_in(number):
        done = 0
        for turn in range(5):
            try:
                with transaction.atomic():
                    record = actions.open_record(CODE, unit=house.units["east"], by=house.actor("cc"), at=MONDAY)
                    actions.assign_number(record, at=MONDAY)
                    if (number + turn) % 3 == 0:
                        raise Broken
                    done += 1
            except Broken:
                pass
        return done

    done = sum(together(hand_in, 8))
    numbers = sorted(Record.objects.values_list("number", flat=True))
    assert numbers == [f"T1-20260302-{n:03d}" for n in range(1, done + 1)]


def test_one_role_signed_at_the_same_moment_is_signed_once(form):
    house = House()
    paper = open_paper(house)
    actions.ask_signatures(paper, [("manager", house.people["cs"].pk)], by=house.actor("cc"), at=MONDAY)

    def sign(_number):
        try:
            return actions.sign(paper, role="manager", by=house.actor("cs"), at=MONDAY, is_verified=True).state
        except Refused as refused:
            return refused.refusals[0].code

    assert sorted(together(sign)) == ["not_waiting", "not_waiting", "not_waiting", "signed"]
    assert Signature.objects.count() == 1
