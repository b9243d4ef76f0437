"""What the engine refuses to take from a flow, and how a flow goes on: each answer sets what it says and goes round
nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from bot.dialogue.blocks import Block
from bot.dialogue.drafts import BrokenDraft, Shape, UnknownField
from bot.dialogue.engine import Engine
from bot.dialogue.flow import Flow, RoundAbout, Talk
from bot.dialogue.questions import PAST_OPTIONAL, Done, Go, Option, Question, Skip, Taken, TakesWords
from bot.dialogue.steps import StepAnswer
from bot.dialogue.talk import BlockTalk
from desk.conversations.chat import Chat
from desk.language.catalogues import Catalogues
from desk.language.language import Language
from desk.language.text import Locale
from tests.dialogue import toy


@dataclass(slots=True)
class Bread:
    kind: str = ""
    slices: int = 0


@dataclass(slots=True)
class Meal:
    soup: str = ""
    bread: Bread = field(default_factory=Bread)
    cheese: str = ""
    wish: dict[str, Any] | None = None


MealTalk = Talk[Meal]
BreadTalk = BlockTalk[Bread, str]

bread: Block[Bread, str] = Block("bread", draft=Bread, settled=lambda draft: bool(draft.kind and draft.slices))


@bread.step(asks="kind")
def kind(talk: BreadTalk) -> Question:
    return Question(
        f"Which bread with {talk.given}?",
        (
            Option("white", "White", sets={"kind": "white"}),
            Option("two", "Two white", sets={"kind": "white", "slices": 2}),
        ),
    )


@bread.step(asks="slices")
def slices(talk: BreadTalk) -> Question:
    return Question("How many?", (Option("one", "One", sets={"slices": 1}), Option("other", "Another", then=kind)))


def meal(*, soup: Callable[[MealTalk], StepAnswer] | None = None) -> Flow[Meal]:
    """Soup, the bread block, then cheese, and an end that shows the draft."""
    flow = Flow("meal", draft=Meal)

    def asked(talk: MealTalk) -> Question:
        return Question(
            "Which soup?",
            (
                Option("lentil", "Lentil", sets={"soup": "lentil"}),
                Option("all", "As always", sets={"soup": "lentil", "bread": Bread("white", 1), "cheese": "none"}),
                Option("enough", "Just soup", sets={"soup": "lentil"}, then=PAST_OPTIONAL),
            ),
        )

    body = soup or asked
    body.__name__ = "soup"
    flow.step(asks="soup")(body)
    flow.place(bread, part=lambda draft: draft.bread, given=lambda talk: talk.draft.soup, optional=True)

    @flow.step(asks="cheese")
    def cheese(talk: MealTalk) -> Question:
        return Question(
            "Which cheese?",
            (Option("feta", "Feta", sets={"cheese": "feta"}), Option("bread", "Other bread", then=kind)),
        )

    @flow.finish
    def served(talk: MealTalk) -> Done:
        return Done(f"{talk.draft.soup}, {talk.draft.bread.kind} {talk.draft.bread.slices}, {talk.draft.cheese}")

    return flow


class Table(toy.Chat):
    """A chat in which this flow stands."""

    def __init__(self, flow: Flow[Any]) -> None:
        super().__init__()
        payload = {"meal": Go("meal", "x")}.get
        flows = replace(toy.FLOWS, flows={**toy.FLOWS.flows, "meal": flow}, payload=payload)
        self.engine = Engine(flows, Language(Catalogues(None)))
        self.start("meal")


class TestOnTheWay:
    def test_a_block_is_asked_where_it_stands_with_what_the_flow_gives_it(self) -> None:
        table = Table(meal())
        assert table.press("Lentil") == "Which bread with lentil?"
        assert table.press("White") == "How many?"
        assert table.press("One") == "Which cheese?"
        assert table.state["draft"] == {"soup": "lentil", "bread": {"kind": "white", "slices": 1}}
        assert table.press("Feta") == "lentil, white 1, feta"

    def test_what_is_answered_is_passed_over(self) -> None:
        assert Table(meal()).press("As always") == "lentil, white 1, none"

    def test_a_block_that_is_settled_leads_to_the_step_behind_it(self) -> None:
        table = Table(meal())
        table.press("Lentil")
        assert table.press("Two white") == "Which cheese?"

    def test_what_may_be_left_out_is_left_out_at_once_and_nothing_else(self) -> None:
        assert Table(meal()).press("Just soup") == "Which cheese?"

    def test_changing_an_answer_leads_on_to_where_nothing_is_answered(self) -> None:
        table = Table(meal())
        table.press("Lentil")
        table.press("Two white")
        assert table.press("Other bread") == "Which bread with lentil?"
        assert table.press("White") == "How many?"  # the slices were those of the bread before
        assert table.press("One") == "Which cheese?"

    def test_an_earlier_answer_empties_the_block_behind_it(self) -> None:
        table = Table(meal())
        table.press("Lentil")
        table.press("White")
        table.press("Back")
        table.press("Back")
        table.press("Lentil")
        assert table.state["draft"] == {"soup": "lentil"}

    def test_an_answer_that_stays_is_kept_when_an_earlier_one_changes(self) -> None:
        """As it is set here; without it the same way ends with the cheese asked again."""
        assert changed_their_bread(stays=True) == "lentil, white 2, feta"
        assert changed_their_bread(stays=False) == "Which cheese?"


def changed_their_bread(*, stays: bool) -> str:
    """What stands on the screen after all was said and then the bread chosen anew."""
    flow = meal()
    flow.by_name["cheese"].step.stays = stays

    @flow.step
    def look(talk: MealTalk) -> Question:
        return Question("As you like it?", (Option("yes", "Yes"), Option("bread", "Other bread", then=kind)))

    table = Table(flow)
    for label in ("Lentil", "Two white", "Feta", "Other bread"):
        table.press(label)
    seen = table.press("Two white")
    return table.press("Yes") if seen == "As you like it?" else seen


def offering(option: Option) -> Callable[[MealTalk], Question]:
    return lambda talk: Question("Which soup?", (option,))


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "soup",
        [
            offering(Option("x", "X", sets={"dessert": "cake"})),
            lambda talk: Skip({"dessert": "cake"}),
            lambda talk: Question("Which soup?", takes=TakesWords("dessert")),
        ],
        ids=["an option", "a skip", "own words"],
    )
    def test_a_field_that_the_draft_does_not_have_when_the_question_is_shown(
        self, soup: Callable[[MealTalk], StepAnswer]
    ) -> None:
        with pytest.raises(UnknownField, match="dessert"):
            Table(meal(soup=soup))

    def test_a_field_that_the_draft_does_not_have_when_it_is_read(self) -> None:
        table = Table(meal(soup=lambda talk: Question("Which soup?", reads=lambda typed: Taken({"dessert": typed}))))
        with pytest.raises(UnknownField, match="dessert"):
            table.say("cake")

    def test_a_field_of_the_flow_in_a_question_of_a_block(self) -> None:
        block: Block[Bread, None] = Block("b", draft=Bread, settled=lambda draft: False)

        @block.step
        def crust(talk: BlockTalk[Bread, None]) -> Question:
            return Question("Crust?", (Option("yes", "Yes", sets={"cheese": "feta"}),))

        flow = Flow("meal", draft=Meal)
        flow.place(block, part=lambda draft: draft.bread, given=lambda talk: None)
        with pytest.raises(UnknownField, match="Bread has no field cheese"):
            Table(flow)

    def test_a_link_that_sets_what_the_draft_does_not_have(self) -> None:
        flow = meal()

        @flow.enter
        def with_dessert(talk: MealTalk, arg: str) -> None:
            cast(Any, talk.draft).dessert = arg

        with pytest.raises(AttributeError):
            Table(flow)

    def test_a_step_that_asks_for_no_field_at_import(self) -> None:
        with pytest.raises(UnknownField):
            Flow("meal", draft=Meal).step(asks="dessert")

    def test_a_draft_that_takes_any_field_at_import(self) -> None:
        @dataclass
        class Loose:
            soup: str = ""

        with pytest.raises(TypeError, match="slots"):
            Flow("meal", draft=Loose)

    def test_an_answer_that_goes_round_a_question(self) -> None:
        flow = meal()
        flow.stops.clear()
        flow.by_name.clear()

        @flow.step
        def soup(talk: MealTalk) -> Question:
            return Question("Which soup?", (Option("none", "No soup", then=salad),))

        @flow.step
        def salad_dressing(talk: MealTalk) -> Question:
            return Question("With oil?")

        @flow.step
        def salad(talk: MealTalk) -> Question:
            return Question("Which salad?")

        with pytest.raises(RoundAbout, match="from soup to salad goes round salad_dressing"):
            Table(flow)

    def test_a_link_that_goes_round_a_question_without_an_answer(self) -> None:
        flow = meal()
        cheese = flow.by_name["cheese"].step
        flow.enter(lambda talk, arg: cheese)
        with pytest.raises(RoundAbout, match="at cheese goes round soup"):
            Table(flow)


class TestStoredDrafts:
    def test_what_stood_beside_a_part_before_it_was_one_is_put_into_it(self) -> None:
        assert Shape(Meal).load({"soup": "lentil", "kind": "white"}) == Meal("lentil", Bread("white"))

    @pytest.mark.parametrize("stored", [{"dessert": "cake"}, {"bread": "white"}, {"bread": {"crust": 1}}])
    def test_a_shape_that_nobody_knows_is_broken(self, stored: dict[str, Any]) -> None:
        with pytest.raises(BrokenDraft):
            Shape(Meal).load(stored)

    def test_it_is_stored_without_what_is_empty(self) -> None:
        draft = Meal("lentil", Bread(slices=2))
        assert Shape(Meal).dump(draft) == {"soup": "lentil", "bread": {"slices": 2}}
        assert Shape(Meal).load(Shape(Meal).dump(draft)) == draft


def test_words_told_in_a_shape_that_is_gone_are_offered_where_words_are_asked_for() -> None:
    flow = meal(soup=lambda talk: Question("What would you like?", takes=TakesWords("wish")))
    table = Table(flow)
    told = {"pieces": [[3, "Something warm"]]}
    table.state = {**table.state, "draft": {"dessert": told}}
    assert "What you wrote is kept" in table.say("hello")
    assert "You had told us this before" in table.seen
    assert table.press("✅ Use this") == "Which bread with ?"
    assert table.state["draft"]["wish"] == told
    assert "unsent" not in table.state


def test_a_state_with_a_field_of_another_version_goes_on_where_it_stood() -> None:
    table = Table(meal())
    table.press("Lentil")
    table.state = {**table.state, "mood": "good"}
    assert table.press("Two white") == "Which cheese?"
    assert table.state["draft"] == {"soup": "lentil", "bread": {"kind": "white", "slices": 2}}
    assert "mood" not in table.state


def test_the_talk_of_a_block_is_made_of_that_of_the_flow() -> None:
    flow = meal()
    placement = flow.by_name["kind"].placement
    assert placement is not None
    talk = Talk(Meal("lentil"), cast(Chat, toy.TeaHouse()), Locale.FA, toy.NOW, "7.1.meal")
    seen = placement(talk)
    assert (seen.key, seen.now, seen.given, seen.draft) == (talk.key, talk.now, "lentil", talk.draft.bread)
