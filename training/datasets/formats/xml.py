"""XML of others, as a small tree. Entities are refused: a few hundred bytes of them can become gigabytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

__all__ = ["Node", "parse"]

_DEEPEST = 64
_MOST_NODES = 1_000_000


@dataclass(slots=True)
class Node:
    """An element: its name, the text directly in it, and the elements in it. Attributes are left out."""

    name: str
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def find(self, *path: str) -> Node | None:
        """The first element along ``path``."""
        node: Node | None = self
        for name in path:
            node = next((child for child in node.children if child.name == name), None) if node else None
        return node

    def all(self, name: str) -> Iterator[Node]:
        """The elements of this name directly in it."""
        return (child for child in self.children if child.name == name)

    def said(self, *path: str) -> str:
        """The text of the first element along ``path``, without white space around it; "" where there is none."""
        node = self.find(*path)
        return node.text.strip() if node else ""


def parse(content: bytes) -> Node:
    """The outermost element.

    Raises:
        ValueError: no XML, entities in it, or more or deeper elements than anything honest has; the message is the end
            of a sentence.
    """
    top = Node("")
    above = [top]
    count = 0

    def start(name: str, _: object) -> None:
        nonlocal count
        count += 1
        if len(above) > _DEEPEST or count > _MOST_NODES:
            raise ValueError("has more elements than a list of boxes can have")
        node = Node(name)
        above[-1].children.append(node)
        above.append(node)

    def text(piece: str) -> None:
        above[-1].text += piece

    def refuse(*_: object) -> None:
        raise ValueError("declares entities, which are refused because they can fill the memory")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: above.pop() and None
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise ValueError("is no XML, or is cut off") from None
    return top.children[0]
