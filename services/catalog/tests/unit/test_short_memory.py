"""Answers kept for some seconds."""

from catalog.adapters.short_memory import ShortMemory


async def test_an_answer_is_asked_for_once() -> None:
    memory, asked = ShortMemory[str](size=10, seconds=60.0), []

    async def ask() -> str:
        asked.append(1)
        return "answer"

    assert [await memory.recall_or_ask("key", ask) for _ in range(3)] == ["answer"] * 3
    assert len(asked) == 1


def test_an_old_answer_is_gone() -> None:
    memory = ShortMemory[str](size=10, seconds=0.0)

    memory.keep("key", "answer")

    assert memory.recall("key") is None


def test_the_answer_made_first_goes_first() -> None:
    memory = ShortMemory[int](size=2, seconds=60.0)
    for number in (1, 2, 1, 3):
        memory.keep(number, number)

    assert [memory.recall(number) for number in (1, 2, 3)] == [1, None, 3]
