"""Collect the images that pages ask for, while they are rendered.

A directive goes in; the images that its page shows until the barrier come out. Each image is
looked up in the store and rendered once, however many pages show it. Files of references are read,
to hash them; nothing is drawn or written.
"""

from collections.abc import Mapping

from mkdocs_gemini_images.build import named_files
from mkdocs_gemini_images.build.build_tools import Images
from mkdocs_gemini_images.build.collecting.described_ids import DescribedIds
from mkdocs_gemini_images.build.collecting.image_ids import ImageIds
from mkdocs_gemini_images.build.collecting.languages_of_site import SharedByLanguages
from mkdocs_gemini_images.build.collecting.resolving import mistakes, resolve
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.showing.echoes import promised_echo, unknown_id, with_echoes
from mkdocs_gemini_images.build.showing.presentation import present
from mkdocs_gemini_images.build.site_image import ImageKey, SiteImage, ThemePair, Use
from mkdocs_gemini_images.config.limits import MAX_TAKES
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.languages import canonical_code
from mkdocs_gemini_images.requests.resolved_image import AuthoredRequest, ResolvedImage
from mkdocs_gemini_images.store.lookup import InStock, LookupResult, Missing, look_up
from mkdocs_gemini_images.store.pair_names import is_one_of
from mkdocs_gemini_images.store.store import Store

_TOO_LATE = "it was found after the others were drawn; build again"


class Collection:
    """The images of one build, in the order in which pages ask for them.

    `shared` is what the site's builds in other languages have as well.
    """

    def __init__(
        self, settings: Settings, store: Store, mode: BuildMode, shared: SharedByLanguages
    ) -> None:
        self.directives: dict[str, ResolvedImage] = {}
        """The directives that have an id."""
        self.described = DescribedIds()
        """Where those stand, and those with a mistake."""
        self._settings = settings
        self._store = store
        self._mode = mode
        self._files, self._first = shared.named_files, shared.first
        self._spellings = shared.spellings
        self._images: dict[ImageKey, SiteImage] = {}
        self._uses: dict[ImageKey, dict[Use, None]] = {}
        self._crops: dict[ImageKey, dict[Crop, None]] = {}
        self._shapes: dict[ImageKey, dict[Crop, None]] = {}
        self.promised_echoes: Images = {}
        """Images that stand for others until the barrier."""
        self._refusal = mode.refusal_reason(settings)
        self._ids = ImageIds()
        self._is_open = True

    def __bool__(self) -> bool:
        """Return whether any page has asked for an image."""
        return bool(self._images)

    def add(
        self,
        directive: Directive,
        use: Use,
        language: str = "",
        *,
        base: str | None = None,
        with_card: bool = False,
    ) -> ThemePair:
        """Return the images of a directive as they are shown at `use` until the barrier.

        `language` is the code of the page's language; `base` is the folder that references start
        from, by default the page's; `with_card` publishes the cut for a card beside the image.

        Raises `DiagnosticError`.
        """
        if directive.shown_id:
            pair = ThemePair(directive, *self._shown_again(directive, use.page, language))
        else:
            if directive.id:
                self.described.note_broken(directive, use.page)
            resolved = resolve(
                directive, use.page, language, base, self._settings, self._first.base
            )
            if resolved.file or directive.id:
                self._check_names(resolved, use)
            if self._settings.defaults.language:
                self._note_languages(resolved)
            light = self._image(resolved, resolved.light, None)
            dark = None if resolved.dark is None else self._image(resolved, resolved.dark, light)
            pair = ThemePair(resolved.presentation, light, dark)
        use = Use(use.directive, use.page, use.name, canonical_code(language))
        if with_card:
            self._crops[pair.light.key][pair.card] = None
        for image in pair.images:
            self._uses[image.key][use] = None
        if pair.presentation.crop is not None:
            self.note_shapes(pair)
        return pair

    def mistakes(
        self, directive: Directive, page: str, language: str, base: str | None = None
    ) -> list[Diagnostic]:
        """Return all that is wrong with a directive, and note that its id has no picture."""
        if directive.id:
            self.described.note_broken(directive, page)
        return mistakes(directive, page, language, base, self._settings)

    def note_shapes(self, pair: ThemePair) -> None:
        """Note what a page shows of images: those parts are published."""
        for image in pair.images:
            self._shapes[image.key] |= dict.fromkeys(pair.shapes.crops)

    def images(self) -> dict[ImageKey, SiteImage]:
        """Return all images, each with the places that show it and its cuts."""
        images = self._with_uses(self._images)
        return with_echoes(images, *self.echoes()) if self.promised_echoes else images

    def echoes(self) -> tuple[Images, dict[ImageKey, ImageKey | None]]:
        """Return the promised images that stand for others, and the image of each, if any."""
        targets = {key: self._target(echo) for key, echo in self.promised_echoes.items()}
        echoes = self._with_uses(self.promised_echoes)
        for key, echo in echoes.items():
            if targets[key] is None and echo.light is None:
                said = unknown_id(echo.echo, self.directives, self.described)
                echoes[key] = echo._replace(lookup=Missing(str(said), at=said.at, other=said.other))
        return echoes, targets

    def _with_uses(self, images: Images) -> Images:
        found: Images = {}
        for name, image in images.items():
            # A light image is collected before its dark twin.
            light = None if image.light is None else found[image.light.key]
            uses, crops = tuple(self._uses[name]), tuple(self._crops[name])
            shapes = tuple(self._shapes[name])
            found[name] = image._replace(light=light, uses=uses, crops=crops, shapes=shapes)
            if (wrong := self._spellings.wrong.get(image.resolved.file)) and _is_lacking(image):
                found[name] = found[name]._replace(lookup=Missing(str(wrong)))
        return found

    def misspelt(self) -> list[tuple[Use, Diagnostic]]:
        """Return what is wrong with files whose second spelling has just come, with their uses.

        Images without a picture are left out, since `images` says it of them.
        """
        lacking = {image.resolved.file for image in self._images.values() if _is_lacking(image)}
        untold = [(file, use) for file, use in self._spellings.untold() if file not in lacking]
        return [(use, self._spellings.wrong[file]) for file, use in untold]

    def _target(self, echo: SiteImage) -> ImageKey | None:
        """Return the image for which an echo stands; None where no picture has its id."""
        named = self.directives.get(echo.echo)
        authored = named and (named.light if echo.light is None else named.dark)
        key = (authored.request, named.name) if named and authored else None
        return key if key in self._images else None

    def _shown_again(self, directive: Directive, page: str, language: str) -> list[SiteImage]:
        """Return the images of the id that a directive shows: the light one, and perhaps a dark.

        Raises `DiagnosticError` where no picture has the id when all pages are rendered.
        """
        id, settings = directive.shown_id, self._settings
        named = self.directives.get(id)
        keys = [(request, named.name) for request in named.requests] if named else []
        if keys and keys[0] in self._images:
            return [self._images[key] for key in keys if key in self._images]
        if not self._is_open:
            raise DiagnosticError(unknown_id(id, self.directives, self.described))
        elsewhere = None if self._mode.all_pages else self._store.find_named(id)
        if elsewhere is not None:
            # On a page that this build does not see. The name of its files follows its picture.
            named_anew = directive._replace(prompt=f"#{id} {elsewhere.key}")
            other = resolve(named_anew, page, language, None, settings)
            image = SiteImage(other, other.light, InStock(elsewhere))
            self._note(self._images, present(image, settings, serving=self._mode.serving))
            return [self._images[image.key]]
        resolved = resolve(directive, page, language, None, settings)
        echoes = promised_echo(resolved, id, dark=settings.dark_pages)
        for echo in echoes:
            self._note(self.promised_echoes, present(echo, settings, serving=self._mode.serving))
        return [self.promised_echoes[echo.key] for echo in echoes]

    def _note(self, images: Images, image: SiteImage) -> None:
        if images.setdefault(image.key, image) is image:
            self._uses[image.key], self._crops[image.key], self._shapes[image.key] = {}, {}, {}

    def close(self, ids: ImageIds) -> None:
        """Promise nothing from now on: an image that is asked for later is not drawn."""
        self._ids = ids
        self._is_open = False
        self._refusal = self._refusal or _TOO_LATE

    def _check_names(self, resolved: ResolvedImage, use: Use) -> None:
        """Note an image's id and its named file.

        Raises `DiagnosticError` when the name already stands for another request, or the file has
        another spelling.
        """
        if resolved.directive.id:
            self.described.note(resolved.directive, use.page)
        if resolved.file:
            self._spellings.note(resolved.file, use)
        names = ((resolved.directive.id, self.directives), (resolved.file, self._files))
        for name, known in names:
            if not name:
                continue
            first = known.setdefault(name, resolved)
            if known is self.directives and _differ_in_language(first, resolved):
                continue  # in a translated site, some pages are in another language
            if (first.requests, first.file) != (resolved.requests, resolved.file):
                raise DiagnosticError(
                    _two_pictures(name, known is self.directives, first, resolved)
                )

    def _note_languages(self, resolved: ResolvedImage) -> None:
        """Note an image of the first language, or what an edit of such an image refers to."""
        if resolved.language == self._settings.defaults.language:
            self._first.add(resolved)
        elif (base := resolved.light.base) is not None:
            self.directives |= self._first.directives(base.request)

    def _image(
        self, resolved: ResolvedImage, authored: AuthoredRequest, light: SiteImage | None
    ) -> SiteImage:
        """Return the image of a request, made now if no page has asked for it before."""
        if (known := self._images.get((authored.request, resolved.name))) is not None:
            return known
        image = SiteImage(resolved, authored, Missing(), light, reason=self._refusal)
        own = named_files.user_file(image, self._settings, self._store) if resolved.file else None
        if own is not None:
            image = image._replace(lookup=own)
        elif self._is_open and self._ids.key(authored.request) is None:
            # It refers to an id, whose key is known when all pages are rendered.
            image = image._replace(promised=True)
        else:
            image = image._replace(lookup=look_up_image(image, self._ids, self._store))
            lacking = image.needs_drawing(self._mode.on_drift(self._settings))
            if lacking and self._is_open and not self._refusal:
                image = image._replace(promised=True)
        image = present(image, self._settings, serving=self._mode.serving)
        self._note(self._images, image)
        return image


def look_up_image(image: SiteImage, ids: ImageIds, store: Store) -> LookupResult:
    """Return what the store has for an image, whose references are resolved."""
    key = ids.key(image.request)
    return look_up(image.request, key, image.authored.author_digests(), image.name, store)


def suspect_lost(
    images: Mapping[ImageKey, SiteImage], ids: ImageIds, store: Store
) -> dict[ImageKey, SiteImage]:
    """Return the images that are not to be drawn, since a picture without sidecar may be theirs.

    Where something changed since a picture was drawn, its sidecar alone says whose it is. One with
    the key of an image or of a take is that image's, and is reported with it.
    """
    lacking = {key: image for key, image in images.items() if image.needs_drawing("keep")}
    if not lacking or not (lost := store.lost()):
        return {}
    known = {
        ids.key(step._replace(take=take))
        for image in images.values()
        for step in image.request.chain()
        for take in {step.take, *range(1, MAX_TAKES + 1)}
    }
    unknown = next((each for stem, each in lost.items() if not is_one_of(stem, known)), None)
    if unknown is None:
        return {}
    damage = (
        f"{unknown}, and until then nothing else is drawn either, since this may be that picture"
    )
    return {key: each._replace(lookup=Missing(damage, lost=True)) for key, each in lacking.items()}


def _two_pictures(name: str, is_id: bool, *images: ResolvedImage) -> Diagnostic:
    one, other = (quoted(image.directive.prompt) for image in images)
    which = f"{one} and {other}" if one != other else f"{one} with other options"
    if is_id:
        said, fix = f"id '{name}' is used for two different pictures", "give each its own id"
        return Diagnostic.sentence(f"{said}, {which}", fix, at="id")
    said = f"the file {quoted(name)} is used for two different pictures"
    return Diagnostic.sentence(f"{said}, {which}", "give each a file of its own")


def _is_lacking(image: SiteImage) -> bool:
    """Return whether a collected image has no picture yet that its page could show."""
    return image.promised or isinstance(image.lookup, Missing)


def _differ_in_language(first: ResolvedImage, resolved: ResolvedImage) -> bool:
    """Return whether two images of one id are localized for two languages."""
    return first.localized and resolved.localized and first.language != resolved.language
