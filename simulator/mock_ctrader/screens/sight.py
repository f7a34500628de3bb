"""What the page of a real browser shows at one moment, read as the form driver reads pages, and how to act on it."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from mock_ctrader.screens.answering import Answer, page_of
from mock_ctrader.screens.entering import Entry, ready
from mock_ctrader.screens.page import Control, Link, Page, ParsedForm
from mock_ctrader.screens.sending import PICTURE, Submission

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle, Frame, JSHandle
    from playwright.async_api import Page as RealPage

_PATIENCE_MS: Final = 2_000
"""For what a mouse cannot reach: something lies over it, or it is not shown; a script reaches it then."""

# A copy of the document is made in which attributes say what style sheets, scripts and the visitor have made of it:
# what is hidden, what is written, ticked and chosen. The page itself stays untouched. Fields of a page without
# any form count as one form, for its scripts send them. A form in a folded tab hides nothing within it.
_LOOK: Final = """() => {
  const FIELDS = "input, select, textarea, button";
  const root = document.documentElement;
  const copy = root.cloneNode(true);
  const copies = [copy, ...copy.querySelectorAll("*")];
  const isShown = (one) => !one.checkVisibility || one.checkVisibility({ visibilityProperty: true });
  const write = (one, twin) => {
    if (one.matches("textarea")) twin.textContent = "\\n" + one.value;
    else if (one.matches("option")) twin.toggleAttribute("selected", one.selected);
    else if (["checkbox", "radio"].includes(one.type)) twin.toggleAttribute("checked", one.checked);
    else if (one.matches("input:not([type=file])")) twin.setAttribute("value", one.value);
    if (one.form && !one.form.contains(one) && !one.hasAttribute("form")) {
      const form = copies[all.indexOf(one.form)];
      form.id ||= "form-" + all.indexOf(one.form);
      twin.setAttribute("form", form.id);
    }
  };
  const all = [root, ...root.querySelectorAll("*")];
  all.forEach((one, place) => {
    const form = one.closest("form");
    const counts = document.body?.contains(one) && one !== form && !one.closest("svg, option, template");
    if (counts && !isShown(one) && (!form || isShown(form))) copies[place].setAttribute("hidden", "");
    if (one.matches(FIELDS + ", option")) write(one, copies[place]);
  });
  const controls = [...document.querySelectorAll(FIELDS)].filter((one) => !one.closest("svg"));
  const grouped = (form) => {
    const found = [], groups = new Map();
    for (const one of controls.filter((control) => control.form === form)) {
      if (one.type === "reset") continue;
      if (one.type !== "radio") found.push([one]);
      else if (groups.has(one.name)) groups.get(one.name).push(one);
      else if (one.name) { groups.set(one.name, [one]); found.push(groups.get(one.name)); }
    }
    return found;
  };
  let forms = [...document.forms].filter((form) => !form.closest("svg")).map(grouped);
  if (!forms.length && controls.length) {
    for (const one of controls) if (one.type === "button") copies[all.indexOf(one)].setAttribute("type", "submit");
    const body = copy.querySelector("body"), form = document.createElement("form");
    form.append(...body.childNodes);
    body.append(form);
    forms = [grouped(null)];
  }
  return { html: "<!DOCTYPE html>" + copy.outerHTML, forms };
}"""
_PUT: Final = """(one, [text, ticked, options]) => {
  if (one.matches("input[type=checkbox], input[type=radio]")) { if (one.checked !== ticked) one.click(); return; }
  if (one.matches("select")) [...one.options].forEach((option, place) => option.selected = options.includes(place));
  else Object.getOwnPropertyDescriptor(Object.getPrototypeOf(one), "value").set.call(one, text);
  for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true }));
}"""
# What the browser itself says of fields that it will not send.
_INVALID: Final = """(fields, noValidate) => fields.flat().filter(
  (one) => !noValidate && !one.form?.noValidate && one.form && one.willValidate && !one.validity.valid
).map((one) => `${one.labels?.[0]?.textContent.trim() || one.name || one.id}: ${one.validationMessage}`)"""
_SEND: Final = """(fields) => {
  const one = fields.flat()[0];
  if (one.form) one.form.requestSubmit();
  else one.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}"""
_LINK: Final = """([href, id]) => [...document.querySelectorAll("a")].find(
  (one) => (one.getAttribute("href") || "").trim() === href && (one.id || "") === id) || null"""


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as it was at one moment, and the real controls of its forms."""

    page: Page
    real: "JSHandle"

    async def enter(self, form: ParsedForm, entry: Entry) -> None:
        """Do to a control what a person does, and by script where a person could not reach it."""
        index = entry.index
        place = entry.options[0] if entry.control.kind == "radio" else 0
        element = await self._element(form, index, place)
        from playwright.async_api import TimeoutError as TooLong

        if entry.control.kind == "file":
            await _upload(element, entry.text)
            return
        if entry.control.visible:
            with suppress(TooLong):
                await _by_hand(element, entry)
                return
        ticked = entry.ticked or entry.control.kind == "radio"
        await element.evaluate(_PUT, [entry.text, ticked, list(entry.options)])

    async def objections(self, form: ParsedForm, button: Control | None) -> tuple[str, ...]:
        """Return what the browser itself has against fields, because of which it will not send the form."""
        skips = False
        if button is not None:
            skips = bool(await (await self._button(form, button)).evaluate("one => one.formNoValidate"))
        fields = await self.real.evaluate_handle("(sight, form) => sight.forms[form]", self._place(form))
        found: list[str] = await fields.evaluate(_INVALID, skips)
        return tuple(found)

    async def send(self, form: ParsedForm, button: Control | None) -> bool:
        """Press the button, or the enter key where there is none; tell whether the button could be pressed."""
        if button is None:
            fields = await self.real.evaluate_handle("(sight, form) => sight.forms[form]", self._place(form))
            await fields.evaluate(_SEND)
            return True
        return await press(await self._button(form, button))

    async def _button(self, form: ParsedForm, button: Control) -> "ElementHandle":
        return await self._element(form, next(i for i, one in enumerate(form.controls) if one is button), 0)

    async def _element(self, form: ParsedForm, index: int, place: int) -> "ElementHandle":
        path = [self._place(form), index, place]
        found = await self.real.evaluate_handle(
            "(sight, [form, index, place]) => sight.forms[form][index][place]", path
        )
        element = found.as_element()
        assert element is not None, "the reader and the browser count the controls of a form alike"
        return element

    def _place(self, form: ParsedForm) -> int:
        return next(place for place, one in enumerate(self.page.forms) if one is form)


async def look(real: "RealPage | Frame", asked: Submission, answer: Answer, limit: int) -> Sight:
    """Read what a page shows now; ``asked`` and ``answer`` are how its document came.

    Raises :class:`ScreenError` for what is no HTML page.
    """
    handle = await real.evaluate_handle(_LOOK)
    html: str = await handle.evaluate("sight => sight.html")
    body = html.encode("utf-8", "replace")
    here = replace(asked, url=real.url)
    page = page_of(here, replace(answer, charset="utf-8", body=body[:limit], is_cut=len(body) > limit), limit)
    return Sight(replace(page, forms=tuple(ready(form) for form in page.forms)), handle)


async def find(real: "RealPage", link: Link) -> "ElementHandle | None":
    """Return the real link that was read, if it is still there."""
    return (await real.evaluate_handle(_LINK, [link.href, link.id])).as_element()


async def press(element: "ElementHandle") -> bool:
    """Press a button or link, by script where something lies over it; tell whether it was in use."""
    from playwright.async_api import TimeoutError as TooLong

    try:
        await element.click(timeout=_PATIENCE_MS, no_wait_after=True)
    except TooLong:
        if not await element.is_enabled():
            return False
        await element.evaluate("one => one.click()")
    return True


async def _by_hand(element: "ElementHandle", entry: Entry) -> None:
    if entry.control.kind == "select":
        await element.select_option(index=list(entry.options), timeout=_PATIENCE_MS)
    elif entry.control.kind in {"checkbox", "radio"}:
        await element.set_checked(entry.ticked or entry.control.kind == "radio", timeout=_PATIENCE_MS)
    else:
        await element.fill(entry.text, timeout=_PATIENCE_MS)


async def _upload(element: "ElementHandle", name: str) -> None:
    await element.set_input_files({"name": name, "mimeType": "image/png", "buffer": PICTURE}, timeout=_PATIENCE_MS)
