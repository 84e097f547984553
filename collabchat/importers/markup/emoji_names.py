"""The emoji of a short name such as ``tada``, as Slack, Mattermost and GitHub write it between colons."""

from __future__ import annotations

import re
from functools import lru_cache

_TONES = {"2": "\U0001f3fb", "3": "\U0001f3fc", "4": "\U0001f3fd", "5": "\U0001f3fe", "6": "\U0001f3ff"}
_PEOPLE = {"man": "👨", "woman": "👩", "boy": "👦", "girl": "👧", "heart": "❤️", "kiss": "❤️‍💋"}
_NAMED = re.compile(r":([a-z0-9_+'-]{1,60}):(?::skin-tone-([2-6]):)?")
_OWN = """
simple_smile 🙂 umbrella ☂️ snowman ☃️ staff_of_aesculapius ⚕️ email ✉️ keycap_star *️⃣ mostly_sunny 🌤️ sun_small_cloud 🌤️
barely_sunny 🌥️ sun_behind_cloud 🌥️ partly_sunny_rain 🌦️ rain_cloud 🌧️ snow_cloud 🌨️ lightning 🌩️ lightning_cloud 🌩️
tornado_cloud 🌪️ knife_fork_plate 🍽️ medal 🎖️ ladybug 🐞 male-doctor 👨‍⚕️ female-doctor 👩‍⚕️ man_and_woman_holding_hands 👫
women-with-bunny-ears-partying 👯‍♀️ woman-with-bunny-ears-partying 👯‍♀️ men-with-bunny-ears-partying 👯‍♂️
man-with-bunny-ears-partying 👯‍♂️ bride_with_veil 👰 man_with_turban 👳 guardsman 💂 spock-hand 🖖 ok_woman 🙆
octagonal_sign 🛑 shopping_trolley 🛒 satellite 🛰️ scooter 🛴 large_orange_circle 🟠 large_yellow_circle 🟡
large_green_circle 🟢 large_purple_circle 🟣 large_brown_circle 🟤 large_red_square 🟥 large_blue_square 🟦
large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_purple_square 🟪 large_brown_square 🟫
the_horns 🤘 hand_with_index_and_middle_fingers_crossed 🤞 i_love_you_hand_sign 🤟 face_with_cowboy_hat 🤠 face_palm 🤦
face_with_one_eyebrow_raised 🤨 grinning_face_with_star_eyes 🤩 grinning_face_with_one_large_and_one_small_eye 🤪
face_with_finger_covering_closed_lips 🤫 serious_face_with_symbols_covering_mouth 🤬
smiling_face_with_smiling_eyes_and_hand_covering_mouth 🤭 face_with_open_mouth_vomiting 🤮
shocked_face_with_exploding_head 🤯 mother_christmas 🤶 person_doing_cartwheel 🤸 juggling 🤹 fencer 🤺
woman-wrestling 🤼‍♀️ man-wrestling 🤼‍♂️ wrestlers 🤼 handball 🤾 drum_with_drumsticks 🥁 first_place_medal 🥇
second_place_medal 🥈 third_place_medal 🥉 egg 🥚 kiwifruit 🥝 smiling_face_with_3_hearts 🥰 womans_flat_shoe 🥿
giraffe_face 🦒 zebra_face 🦓 mate_drink 🧉 red_haired_person 🧑‍🦰 curly_haired_person 🧑‍🦱 bald_person 🧑‍🦲
white_haired_person 🧑‍🦳 woman_with_beard 🧔‍♀️ man_with_beard 🧔‍♂️ person_with_headscarf 🧕 beetle 🪲 eject ⏏️
"""
_WORDS = iter(_OWN.split())
OTHERWISE = dict(zip(_WORDS, _WORDS, strict=True))
"""Names that mean something else there, or that the table of the package does not have."""


@lru_cache(maxsize=8_192)
def emoji_of(name: str) -> str | None:
    """The emoji of a short name without its colons; None for one that a team made for itself.

    Raises
    ------
    ImportError
        Where ``emoji`` is not installed.

    Examples
    --------
    >>> emoji_of("clap::skin-tone-3"), emoji_of("flag-de"), emoji_of("our_logo")
    ('👏🏼', '🇩🇪', None)
    """
    name, _, tone = name.partition("::skin-tone-")
    found = OTHERWISE.get(name) or _known(name) or _made(name)
    return _toned(found, _TONES[tone]) if found and tone in _TONES else found


def with_emoji(text: str) -> str:
    """A text with the emoji in place of their short names; names of a team's own stay.

    Examples
    --------
    >>> with_emoji("done :tada: at 10:30:00 :our_logo:")
    'done 🎉 at 10:30:00 :our_logo:'
    """
    return _NAMED.sub(_replaced, text)


def reaction_of(name: str) -> str:
    """What a reaction of this short name becomes: the emoji, or ``:name:`` (cut where it is too long for one)."""
    return emoji_of(name) or f":{name.partition('::')[0][:38]}:"


def _replaced(match: re.Match[str]) -> str:
    name, tone = match[1], match[2]
    # ``10:30:45`` holds no emoji.
    found = (
        None
        if name.isdigit() and name not in ("100", "1234")
        else emoji_of(f"{name}::skin-tone-{tone}" if tone else name)
    )
    return found or match[0]


def _known(name: str) -> str | None:
    try:
        import emoji
    except ImportError as error:
        raise ImportError("Emoji by name need the package emoji: pip install 'collabchat[imports]'.") from error
    plain = name.replace("-", "_")
    for one in (name, plain, plain.replace("female", "woman"), plain.replace("male", "man")):
        written = f":{one}:"
        found = emoji.emojize(written, language="alias")
        if found != written:
            return found
    return None


def _made(name: str) -> str | None:
    """Flags by their country and families by their people: too many for a table."""
    if name.startswith("flag-") and len(name) == 7 and name[5:].isascii() and name[5:].isalpha():
        return "".join(chr(0x1F1E6 + ord(letter) - ord("a")) for letter in name[5:])
    people = name.split("-")
    if len(people) > 1 and all(one in _PEOPLE for one in people):
        return "\u200d".join(_PEOPLE[one] for one in people)
    return None


def _toned(emoji: str, tone: str) -> str:
    first, rest = emoji[0], emoji[1:]
    return first + tone + rest.removeprefix("\ufe0f")
