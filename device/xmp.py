"""A photograph's rating in an XMP sidecar (ISO 16684-1, XMP specification part 1): read, and written into it. Pure.

What another program put into a sidecar stays as it is, byte for byte, but for the rating. Nothing in one is believed:
it may be of any size, cut off, or made to harm, so there is an upper bound and no document type, and thus no entity
that could grow.
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

from device.errors import BadPicture

SIDECAR_MAX = 4 << 20  # bytes; what editors write into one is a tenth of it
RATINGS = range(6)  # XMP specification part 1, 8.4: -1, which other programs write, is "rejected"
REJECTED = -1

_XMP, _RDF = "http://ns.adobe.com/xap/1.0/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RATING = f"{_XMP} Rating"
_NUMBER_MAX = 64  # characters that are kept of a rating's: a sidecar of nothing else would take hours to put together
_NEW = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="0"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def rating(sidecar: bytes) -> int | None:
    """What a sidecar says of its photograph.

    Returns:
        0 to 5, or REJECTED; None where it says nothing, or cannot be understood.
    """
    try:
        return _number(_parse(sidecar).value)
    except BadPicture:
        return None


def rated(sidecar: bytes | None, value: int) -> bytes:
    """A sidecar with that rating, 0 to 5: the one given, changed, or a new one for None.

    Raises:
        BadPicture: the one given is no XMP that can be changed.
    """
    old = _NEW if sidecar is None else sidecar
    new = _changed(old, _parse(old), str(value).encode())
    if rating(new) != value:  # only a form of XML that nobody writes could bring that about
        raise BadPicture("its rating cannot be changed")
    return new


@dataclass(slots=True)
class _Found:
    """Where in a sidecar its first description and its rating stand; -1: nowhere."""

    description: int = -1
    prefix: str = ""  # of XMP's own names where the description begins
    value: str = ""
    attribute: int = -1  # of the tag whose attribute is the rating
    element: int = -1
    end: int = -1  # of that element's content


class _Reader:
    """Notes what `_Found` asks for while expat reads: names are "namespace name", with the prefix behind in a third."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.found = _Found()
        self._parser, self._path = parser, [""]
        self._prefixes: dict[str, list[str]] = {}

    def began(self, name: str, attributes: dict[str, str]) -> None:
        words = name.split(" ")
        tag, above = " ".join(words[:2]), self._path[-1]
        self._path.append(tag)
        at = self._parser.CurrentByteIndex
        if tag == f"{_RDF} Description" and above == f"{_RDF} RDF":
            self._describe(at, attributes)
        elif tag == _RATING and self._path[-3:-1] == [f"{_RDF} RDF", f"{_RDF} Description"]:
            self.found.element, self.found.value = at, ""

    def _describe(self, at: int, attributes: dict[str, str]) -> None:
        found = self.found
        if found.description < 0:
            found.description, found.prefix = at, (self._prefixes.get(_XMP) or [""])[-1]
        for name, value in attributes.items():
            if name.startswith(_RATING + " ") or name == _RATING:
                found.attribute, found.value, found.prefix = at, value, name[len(_RATING) + 1 :]

    def ended(self, _: str) -> None:
        if self._path.pop() == _RATING and self.found.element >= 0 > self.found.end:
            self.found.end = self._parser.CurrentByteIndex

    def text(self, text: str) -> None:
        if self.found.element >= 0 > self.found.end and len(self.found.value) < _NUMBER_MAX:
            self.found.value += text

    def prefix(self, prefix: str | None, namespace: str | None) -> None:
        self._prefixes.setdefault(namespace or "", []).append(prefix or "")

    def refuse(self, *_: object) -> None:
        raise BadPicture("it has a document type, which no XMP has")


def _parse(sidecar: bytes) -> _Found:
    if len(sidecar) > SIDECAR_MAX:
        raise BadPicture("it is too large for XMP")
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.namespace_prefixes = True
    reader = _Reader(parser)
    parser.StartElementHandler, parser.EndElementHandler = reader.began, reader.ended
    parser.CharacterDataHandler, parser.StartNamespaceDeclHandler = reader.text, reader.prefix
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(sidecar, True)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError as error:
        raise BadPicture(f"it is no XMP ({error})") from error
    if reader.found.description < 0:
        raise BadPicture("it is no XMP")
    return reader.found


def _number(text: str) -> int | None:
    """Programs write "3", and some "3.0" or blanks around it."""
    try:
        value = float(text)
    except ValueError:
        return None
    return round(value) if REJECTED <= value <= RATINGS[-1] else None


def _changed(old: bytes, found: _Found, value: bytes) -> bytes:
    if found.attribute >= 0:
        pattern = rb"(\s%s:Rating\s*=\s*)(\"[^\"]*\"|'[^']*')" % re.escape(found.prefix.encode())
        tag = re.sub(pattern, rb'\g<1>"%s"' % value, old[found.attribute :], count=1)
        return old[: found.attribute] + tag
    if found.element >= 0:
        start = old.index(b">", found.element) + 1
        return old[:start] + value + old[found.end :]
    name = re.match(rb"<[^\s/>]+", old[found.description :])
    at = found.description + (name.end() if name else 0)
    prefix = found.prefix.encode() or b"xmp"
    declared = b"" if found.prefix else b' xmlns:xmp="%s"' % _XMP.encode()
    return old[:at] + declared + b' %s:Rating="%s"' % (prefix, value) + old[at:]
