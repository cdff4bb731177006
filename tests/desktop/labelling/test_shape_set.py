from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.labelling.editor import Proposal
from desktop.labelling.shape_set import ShapeSet
from training.datasets.values import Boxes, Shape

A, B, C = (Shape(name, 1, 2, 3, 4) for name in "abc")


def proposed(*shapes: Shape, parts: tuple[float, ...] = ()) -> Proposal:
    return Proposal(Boxes(shapes), "a model", parts=parts)


def test_equal_shapes_keep_their_numbers_in_the_same_picture() -> None:
    one = ShapeSet()
    one.show((A, A, B), again=False)
    numbers = list(one.shapes)
    one.show((B, A), again=True)
    assert list(one.shapes) == [numbers[2], numbers[0]]
    one.show((A, A, A, C), again=True)
    assert len(set(one.shapes)) == 4
    one.show((A,), again=False)
    assert not set(one.shapes) & set(numbers)


def test_what_holds_is_not_proposed_and_what_was_decided_is_not_proposed_again() -> None:
    one = ShapeSet()
    one.show((A,), again=False)
    proposal = proposed(A, B, C, parts=(0.9, 0.5, 0.25))
    one.propose(proposal, again=False)
    assert list(one.waiting.values()) == [1, 2]
    first, second = one.waiting
    assert (one.sure_words(first), one.sure_words(second), one.sure_words(99)) == ("50 %", "25 %", "")
    assert one.refuse([first, 99]) == [1]
    one.propose(proposal, again=True)
    assert list(one.waiting.values()) == [2]
    one.accept([second])
    assert list(one.shapes.values()) == [A, C]
    assert one.waiting == {}


def test_a_proposal_in_another_form_holds() -> None:
    one = ShapeSet()
    one.propose(proposed(B), again=False)
    (number,) = one.waiting
    assert one.put(number, C) == 0
    assert one.put(number, A) is None
    assert one.everything() == [(number, A)]
    assert one.of([number, 99]) == [A]
    assert one.remove([number, 99]) == 1


@given(st.lists(st.sampled_from([A, B, C])), st.lists(st.sampled_from([A, B, C])))
def test_order_and_number_are_as_shown(before: list[Shape], after: list[Shape]) -> None:
    one = ShapeSet()
    one.show(before, again=False)
    one.show(after, again=True)
    assert list(one.shapes.values()) == after
