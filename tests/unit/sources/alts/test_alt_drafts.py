"""The draft of an alt is what a model says of its picture, and not what it says to its reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.sources.alts.alt_drafts import draft_of_alt

FOX = "A fox in a wood holds a newspaper in both paws."

HANDED_OVER = [
    "Here is the picture you asked for",
    "Here is the picture you asked for:",
    "Here's your image!",
    "Here's the image.",
    "Sure! Here is the requested illustration.",
    "Certainly, I have created an image for you.",
    "Of course. I've drawn it in ink.",
    "Okay, here you go!",
    "The image has been generated.",
    "Done! I hope you like it. Would you like any changes?",
    "Let me know if anything should be different.",
    "Hier ist das gewünschte Bild:",
    "Gerne! Hier ist das Bild, das Sie gewünscht haben.",
    "Das Bild wurde erstellt.",
    "Voici l'image que vous avez demandée.",
    "Bien sûr ! Voici l’image demandée :",
    "Aquí está la imagen que pediste.",
    "¡Claro! Aquí tienes la imagen solicitada.",
    "Ecco l'immagine richiesta.",
    "Aqui está a imagem que você pediu.",
    "Hier is de afbeelding die je vroeg.",
    "Här är bilden du bad om.",
    "Her er billedet, du bad om.",
    "Oto obraz, o który prosiłeś.",
    "Вот изображение, которое вы просили.",
    "Конечно! Вот картинка.",
    "İşte istediğiniz görsel.",
    "ご依頼の画像です。",
    "はい、こちらが画像です。",
    "这是您要求的图片。",
    "好的，这是图片：",
    "요청하신 이미지입니다.",
    "إليك الصورة التي طلبتها.",
    "הנה התמונה שביקשת.",
    "यह रही आपकी छवि।",
]


@pytest.mark.parametrize("words", HANDED_OVER)
def test_words_that_hand_a_picture_over_are_no_draft(words: str) -> None:
    assert draft_of_alt(words) == ""
    assert draft_of_alt(f"{words.rstrip('.!:。：।')}: {FOX}") == FOX
    assert draft_of_alt(f"{FOX} {words}") == FOX


@pytest.mark.parametrize(
    ("words", "draft"),
    [
        (FOX, FOX),
        ("A photo of a fox", "A photo of a fox"),
        ("Here is a fox in a wood.", "A fox in a wood."),
        ("Here is a picture of a fox in a wood.", "A fox in a wood."),
        ("Sure, here's an image showing a fox.", "A fox."),
        ("Hier ist ein Bild von einem Fuchs im Wald.", "Einem Fuchs im Wald."),
        ("I en skog sitter en räv.", "I en skog sitter en räv."),
        ("Un renard lit du courrier.", "Un renard lit du courrier."),
        ("The painting on the wall of the room shows a fox.",
         "The painting on the wall of the room shows a fox."),
        ("一只狐狸在森林里看报纸。", "一只狐狸在森林里看报纸。"),
        ("A sign: no foxes.", "A sign: no foxes."),
        ("Otomo enjoys what foxes dig.", "Otomo enjoys what foxes dig."),
        ("¿Qué? Un zorro.", "Un zorro."),
        ("Dr. Fox reads.", "Dr. Fox reads."),
        ("", ""),
        ("...", "..."),
    ],
)  # fmt: skip
def test_what_is_said_of_the_picture_stays(words: str, draft: str) -> None:
    assert draft_of_alt(words) == draft


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("", ""),
        ("  A fox\nsits ", "A fox sits"),
        ("x" * 300, "X" + "x" * 299),
        ("x" * 301, "X" + "x" * 298 + "…"),
        ("\x1b]0;", "\ufffd]0;"),
    ],
    ids=["none", "folded", "just short enough", "cut", "steering"],
)
def test_a_draft_is_one_line_of_at_most_300_characters(words: str, cut: str) -> None:
    assert draft_of_alt(words) == cut


@given(st.text(max_size=400))
def test_a_draft_is_one_line_of_any_text(words: str) -> None:
    draft = draft_of_alt(words)
    assert len(draft) <= 300
    assert "\n" not in draft
