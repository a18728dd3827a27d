"""Make the draft of an alt from the words that a model sent with its picture.

In goes a text in any language; out comes one short line, or an empty text where the model only
hands its picture over ("Here is the picture you asked for"). A sentence that speaks to the reader,
asks, or announces a picture describes nothing, and is left out. Pure.
"""

import re

from mkdocs_gemini_images.core.diagnostics import single_line

_MAX_DRAFT = 300
"""Characters of a draft; an alt has fewer."""
_MAX_READ = 4000
"""Characters of a text that are read."""
_FEW_WORDS, _FEW_CHARACTERS = 6, 14
"""A sentence of so few words, or characters of a script without spaces, that names a picture."""

_END = re.compile(r"((?<=[.!?…])\s+|(?<=[。！？])|(?<=:)\s+|(?<=：))")

_ASSENT = re.compile(
    r"^(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|great|alright|no problem|done|"
    r"gerne?|natürlich|klar|selbstverständlich|fertig|bien sûr|d['’]accord|avec plaisir|"
    r"certainement|claro(?: que sí)?|por supuesto|con gusto|listo|certo|certamente|volentieri|"
    r"fatto|com certeza|pronto|natuurlijk|zeker|klaar|visst|självklart|selvfølgelig|jasne|"
    r"oczywiście|gotowe|конечно|хорошо|готово|звісно|もちろん(?:です)?|承知(?:いた)?しました|"
    r"かしこまりました|はい|完成(?:しました)?|好的|当然(?:可以)?|當然(?:可以)?|没问题|물론(?:입니다|이죠)?|네|"
    r"완료(?:했습니다)?)\s*(?:[.!,:…。！、，：]+\s*|$)",
    re.I,
)
"""Words that take the request on."""

_OPENER = re.compile(
    r"^(?:(?:here(?:['’]s| is| are| you go| it is| you have)|this is|behold|"
    r"hier (?:ist|sind|is|zijn)|das ist|dies ist|voici|voilà|aquí (?:está|tienes?|te presento|va)|"
    r"esta es|ecco(?:ti|la|lo)?|questa è|aqui (?:está|vai|tens?)|esta é|här (?:är|kommer)|her er|"
    r"tässä on|oto|вот|ось|это|zde je|tady je|itt (?:van|a)|iată|işte|εδώ είναι|إليك|هذه|הנה)\b|यह|"
    r"こちら[がはの]?|これ[がは]|以下[がは]|[这這]是|[这這][里裡]是|以下是|여기|다음은|이것은)\s*",
    re.I,
)
"""Words that announce something."""

_ADDRESS = re.compile(
    r"\byou(?:r|rs|['’]\w+)?\b|\bI(?:['’](?:m|ve|ll|d)| (?:have|am|hope|can|could|will|would|made|"
    r"created|drew|generated|tried|used|added|kept))\b|\blet me know\b|\bfeel free\b|^enjoy\b|"
    r"\bas requested\b|\brequested\b|\b(?:ich (?:habe|hoffe|kann)|ihnen|dir|dich|gewünschte\w*|"
    r"ange(?:fragt|fordert)e\w*|wie gewünscht|sie (?:wünschen|möchten|gebeten))\b|"
    r"\b(?:vous|votre|vos|tu as|demandée?s?|n['’]hésite[zr]?|souhaitée?s?)\b|"
    r"\bj['’](?:ai|espère)\b|\b(?:usted|pediste|pedido|ha(?:s)? pedido|solicitad[ao]s?|solicitaste|"
    r"he creado|espero|aquí tienes)\b|"
    r"\b(?:richiest[aeo]|hai chiesto|ho creato|ho generato|spero)\b|"
    r"\b(?:você|vocês|pediu|pediste|criei|gerei)\b|"
    r"\b(?:jouw|uw|jij|je (?:hebt|wilde|vroeg)|"
    r"gevraagde|ik heb|ik hoop)\b|\b(?:jag|begärda|du bad|jeg|forespurgte|bad om)\b|"
    r"\b(?:prosił\w*|poprosi\w*|żądan\w*|twoj\w*|stworzył\w*)\b|\b(?:вы|вас|вам|ваш\w*|я|"
    r"запрошенн\w*|запитан\w*|надеюсь|просил\w*)\b|\b(?:istediğiniz|istenen|kért|požadovan\w*|"
    r"solicitat[ăe]?|cerut[ăe]?|pyytämä\w*)\b|طلبت|المطلوبة|שביקשת|המבוקשת|आपक\w*|आपने|"
    r"ご依頼|ご要望|ご指定|ご希望|リクエスト|あなた|作成しました|生成しました|描きました|[您你]|请求的|要求的|"
    r"我(?:已|为|為|生成|创建|画|畫)|요청하신|당신|제가|만들었|생성했",
    re.I,
)
"""Words of one who speaks to the reader of an answer, and not of a picture."""

_PICTURE = re.compile(
    r"\b(?:images?|pictures?|photos?|photographs?|illustrations?|drawings?|artworks?|renderings?|"
    r"bild(?:er)?|fotos?|abbildung|grafik|zeichnung|dessin|im[aá]gen(?:es)?|dibujo|ilustraci[oó]n|"
    r"immagine|illustrazione|disegno|imagem|ilustração|desenho|afbeelding|plaatje|tekening|"
    r"billede|bildet|kuva|obraz\w*|zdjęcie|изображени\w*|картинк\w*|рисун\w*|зображення|obrázek|"
    r"kép|imaginea?|görsel|resim|εικόνα)\b|صورة|الصورة|תמונה|התמונה|छवि|चित्र|画像|イラスト|写真|"
    r"[图圖][片像]|照片|插[画畫]|이미지|그림|사진",
    re.I,
)

_PICTURE_OF = re.compile(
    r"^(?:an? |the |ein(?:e)? |das |une? |l['’]|una? |uma? |een |en |ett |et )?(?:\w+ ){0,2}?"
    r"(?:image|picture|photo(?:graph)?|illustration|drawing|bild|foto|abbildung|zeichnung|imagen|"
    r"dibujo|immagine|imagem|afbeelding|tekening|billede)s? "
    r"(?:of|showing|depicting|von|vom|eines|einer|de|du|des|d['’]|del|di|do|da|van|av|af|med)\b ?",
    re.I,
)


def draft_of_alt(text: str) -> str:
    """Return the sentences of a model's text that describe its picture, as one short line."""
    parts = _END.split(single_line(text[:_MAX_READ]).strip())
    described = ""
    for sentence, space in zip(parts[::2], [*parts[1::2], ""], strict=True):
        if kept := _description(sentence):
            described += kept + space
    flat = described.strip()
    flat = flat[:1].upper() + flat[1:]
    return flat if len(flat) <= _MAX_DRAFT else f"{flat[: _MAX_DRAFT - 1]}…"


def _description(sentence: str) -> str:
    """Return what a sentence says of a picture, or an empty text."""
    said = _ASSENT.sub("", sentence.strip().lstrip("¡¿"))
    if said.endswith(("?", "？")) or _ADDRESS.search(said):
        return ""
    opener = _OPENER.match(said)
    rest = said if opener is None else _PICTURE_OF.sub("", said[opener.end() :])
    if _PICTURE.search(rest) is None:
        return rest
    few = len(rest.split()) <= _FEW_WORDS if " " in rest else len(rest) <= _FEW_CHARACTERS
    return "" if opener is not None or (few and not _PICTURE_OF.match(rest)) else rest
