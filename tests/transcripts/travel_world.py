"""Lines of the transcripts about papers of another province: what the catalogue says of a service."""

from __future__ import annotations

from datetime import date

from desk.catalogue.rules import PaperProvince, kinds_written
from desk.language.text import Localised
from desk.storage.base import WriteSession
from tests.transcripts.world import World, line, service_of_code

RULES = {"is served only in": PaperProvince.OWN, "is refused outside of": PaperProvince.REFUSED}


@line(r"for «(\w+)» a paper(?: of the kinds ([\w ]+))? (is served only in|is refused outside of) its own province")
async def only_there(world: World, code: str, kinds: str | None, rule: str) -> None:
    def make(session: WriteSession) -> None:
        service = service_of_code(session, code)
        service.paper_province, service.travel_kinds = RULES[rule], kinds_written((kinds or "").split())
        service.source, service.source_date = Localised({"fa": "بخشنامهٔ آزمون"}), date(2026, 4, 4)

    await world.write(make)


@line(r"for «(\w+)» a travel slip is needed(?:, given at «(.+)»)?")
async def slip_needed(world: World, code: str, where: str | None) -> None:
    def make(session: WriteSession) -> None:
        service = service_of_code(session, code)
        service.needs_slip, service.slip_from = True, Localised({"fa": where}) if where else None

    await world.write(make)
