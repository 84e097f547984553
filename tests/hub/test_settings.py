"""The workspace's settings: who may change them, and that everybody hears of it."""

from __future__ import annotations

from pathlib import Path

from house import house, run
from standings import ROLES, give_roles, newcomers

from collabchat import protocol as p
from collabchat.store import doctor


def test_the_owner_and_the_admins_choose_for_everybody(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            first, _, people = await newcomers(home)
            await give_roles(first, people)
            for role in ROLES:
                await people[role].sync()
            allowed = {
                role: await people[role].code(p.SetSettings, collect_after=60 + n) for n, role in enumerate(ROLES)
            }
            assert allowed == {"owner": "ok", "admin": "ok", "member": "forbidden", "guest": "forbidden"}
            ack = await first.do(p.SetSettings, attachments=3, quota=10**9, link_titles=False)
            expected = p.WorkspaceSettings(attachments=3, quota=10**9, collect_after=61)
            for role in ROLES:
                await people[role].upto(ack.seq)
                assert people[role].last(p.SettingsSet).settings == expected
                assert (await people[role].sync()).settings == expected
            assert not (await first.do(p.SetSettings, attachments=3)).changed
            await first.do(p.SetSettings, quota=0)
            assert (await first.sync()).settings.quota is None
            for wrong in ({"attachments": 101}, {"attachments": -1}, {"attachment_bytes": -1}, {"quota": 2**60}):
                assert await first.code(p.SetSettings, **wrong) == "malformed"

    run(main())

    async def again() -> None:
        async with house(tmp_path) as home:
            settings = (await (await home.person("first", sync=False)).sync()).settings
            assert settings == p.WorkspaceSettings(attachments=3, collect_after=61)

    run(again())
    assert doctor.check(tmp_path).findings == []
