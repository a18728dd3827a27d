// The panel of the live preview. In: the server's state of each image with data-gemini-images. Out:
// requests for clicks on buttons, and images of the page that change in place. Prompts and answers
// of a model are untrusted: they are set as text, never as HTML.
(() => {
  "use strict";
  const me = document.currentScript;
  if (!me || document.querySelector("gemini-images-preview")) return;
  const { token, root, site } = me.dataset;
  const MARK = "data-gemini-images";
  const OPEN = "gemini-images-open";
  const STATES = {
    "in stock": "In stock", "not drawn": "Not drawn", "in batch": "In batch", drifted: "Drifted", drawing: "Drawing …",
    earlier: "An earlier picture", failed: "Not drawn", broken: "Broken", "your own": "Your own",
  };
  const states = new Map();   // by handle
  const chips = new Map();    // by picture
  const versions = new WeakMap();
  const samples = new Map();  // object URLs of takes, by handle and take
  let open = null;            // the picture whose panel is open
  let tried = 0;              // the take that is shown, and not picked yet
  let busy = false;
  let alts = null;            // what the server proposes for the alts of the open picture

  // --- the server -----------------------------------------------------------------------------

  const headers = { "X-Gemini-Images-Token": token };
  const get = (name, fields) => fetch(root + name + "?" + new URLSearchParams(fields), { headers });

  async function post(name, value) {
    try {
      const answer = await fetch(root + name, {
        method: "POST", body: JSON.stringify(value),
        headers: { ...headers, "Content-Type": "application/json" },
      });
      if (answer.ok) return await answer.json();
      return { complaint: answer.status === 403 ? "Reload the page: the server was restarted." : "The server refused this." };
    } catch {
      return { complaint: "The server does not answer." };
    }
  }

  async function ask() {
    const handles = [...new Set(pictures().map(handleOf))];
    if (!handles.length) return;
    const answer = await get("state", handles.map(handle => ["handle", handle]));
    if (answer.ok) (await answer.json()).forEach(learn);
  }

  let listening = null;
  async function listen() {
    if (listening || document.visibilityState !== "visible") return;
    const here = listening = new AbortController();
    while (!here.signal.aborted) {
      try {
        const answer = await fetch(root + "events", { headers, signal: here.signal });
        if (!answer.ok) break; // another session: the host's live reload loads the page again
        await ask();
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let text = "", part; !(part = await reader.read()).done;) {
          const events = (text + part.value).split("\n\n");
          text = events.pop();
          for (const event of events) if (event.startsWith("data: ")) learn(JSON.parse(event.slice(6)));
        }
      } catch { /* the server or the page has gone: try again, or end */ }
      await new Promise(done => setTimeout(done, 1000));
    }
    if (listening === here) listening = null;
  }

  // --- the page's pictures --------------------------------------------------------------------

  const pictures = () => [...document.querySelectorAll(`img[${MARK}]`)];
  const handleOf = picture => picture.getAttribute(MARK);
  const address = uri => site + uri.split("/").map(encodeURIComponent).join("/");
  const pathOf = url => { try { return new URL(url, location.href).pathname; } catch { return ""; } };

  function learn(state) {
    states.set(state.handle, state);
    for (const picture of pictures()) {
      if (handleOf(picture) === state.handle && !(picture === open && tried)) show(picture, state);
    }
    refresh();
  }

  function show(picture, whole) {
    const { shown, dark, version } = { ...whole, ...whole.shapes?.[picture.dataset.geminiShape] };
    const old = pathOf(picture.src), before = versions.get(picture);
    let src = address(shown.src);
    const same = old === pathOf(src);
    const other = before !== undefined && before !== version;
    versions.set(picture, version);
    if (same && !other) return;
    if (same) src += `?${version}`; // a named file keeps its name when its bytes change
    change(picture, shown, src, dark, whole);
    const link = picture.closest("a[href]"), enlarged = picture.dataset.src;
    const largest = shown.files.length && !same ? address(shown.largest) : src;
    if (enlarged) picture.dataset.src = largest + new URL(enlarged, location.href).hash;
    if (link && [old, enlarged && pathOf(enlarged)].includes(pathOf(link.href))) {
      link.href = enlarged ? largest : src;
      // glightbox has read its links already; its instance is the global `lightbox`.
      try { lightbox.reload(); } catch { /* the page has no glightbox */ }
    }
  }

  function change(picture, shown, src, dark, { shown: whole, shapes } = {}) {
    const fragment = new URL(picture.src, location.href).hash;
    fill(picture, shown, fragment);
    picture.src = src + fragment;
    picture.width = shown.width;
    picture.height = shown.height;
    const sources = picture.parentElement?.tagName === "PICTURE" ? [...picture.parentElement.querySelectorAll("source")] : [];
    for (const source of sources.filter(each => each.dataset.geminiShape !== undefined)) {
      const cut = shapes?.[source.dataset.geminiShape] ?? { shown: whole, dark };
      fill(source, source.media.includes("dark") ? cut.dark ?? cut.shown : cut.shown, "", true);
    }
    const twin = sources.find(each => each.dataset.geminiShape === undefined);
    if (twin && dark) fill(twin, dark, "", true);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      picture.animate([{ opacity: 0.2 }, { opacity: 1 }], { duration: 300 });
    }
  }

  function fill(element, shown, fragment, bare = false) {
    if (shown.files.length) {
      element.setAttribute("srcset", shown.files.map(([uri, width]) => `${address(uri)} ${width}w`).join(", "));
      if (shown.sizes) element.setAttribute("sizes", shown.sizes);
    } else {
      bare ? element.setAttribute("srcset", address(shown.src)) : element.removeAttribute("srcset");
      element.removeAttribute("sizes");
    }
    if (bare) { element.setAttribute("width", shown.width); element.setAttribute("height", shown.height); }
  }

  async function sample(handle, take) {
    const name = `${handle} ${take}`;
    if (!samples.has(name)) {
      samples.set(name, get("picture", { handle, take }).then(async answer => {
        const isPicture = answer.ok && answer.headers.get("Content-Type") === "image/webp";
        return isPicture ? URL.createObjectURL(await answer.blob()) : "";
      }, () => ""));
    }
    const url = await samples.get(name);
    if (!url) samples.delete(name);
    return url;
  }

  // --- chips ----------------------------------------------------------------------------------

  const host = document.createElement("gemini-images-preview");
  const tree = host.attachShadow({ mode: "open" });
  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    if (tag === "button") element.type = "button";
    return element;
  };
  const className = state => state.state.replaceAll(" ", "-");
  // To a tenth of a cent, and never less than it is, as preview/price_text.py.
  const dollars = usd => (Math.ceil(usd * 1000 - 1e-6) / 1000).toFixed(3).replace(/0$/, "");
  const price = cost => !cost.known ? "price unknown" : `about $${dollars(cost.usd)}, at most $${dollars(cost.at_most)}`;
  const nameOf = state => state.asking ? "Asking in the terminal …" : STATES[state.state];

  function refresh() {
    const here = pictures().filter(picture => states.has(handleOf(picture)));
    for (const [picture, chip] of chips) {
      if (!here.includes(picture)) { chip.remove(); chips.delete(picture); if (open === picture) close(); }
    }
    for (const picture of here) {
      if (!chips.has(picture)) {
        const chip = make("button");
        chip.append(make("span", "dot"), make("span", "text"));
        chip.setAttribute("aria-haspopup", "dialog");
        chip.addEventListener("click", () => open === picture ? close() : unfold(picture));
        chips.set(picture, chip);
      }
      const chip = chips.get(picture), state = states.get(handleOf(picture));
      const calling = ["not drawn", "failed", "drawing"].includes(state.state);
      chip.className = `chip ${className(state)}${calling ? " calling" : ""}${chip.classList.contains("near") ? " near" : ""}`;
      chip.querySelector(".text").textContent = nameOf(state);
      chip.setAttribute("aria-label", `${picture.alt || "Picture"}: ${nameOf(state)}. Open its panel`);
      chip.setAttribute("aria-expanded", String(open === picture));
    }
    // Keep the chips in the order of their pictures, for the Tab key.
    here.forEach((picture, number) => {
      const chip = chips.get(picture);
      if (layer.children[number] !== chip) layer.insertBefore(chip, layer.children[number] || null);
    });
    if (open) render();
    place();
  }

  function place() {
    const origin = host.getBoundingClientRect();
    for (const [picture, chip] of chips) {
      const box = picture.getBoundingClientRect();
      chip.hidden = box.width < 24 || box.height < 16 || picture.checkVisibility?.() === false;
      chip.style.left = `${box.right - origin.left - 8}px`;
      chip.style.top = `${box.top - origin.top + 8}px`;
    }
    frame.hidden = !open;
    if (open) {
      const box = open.getBoundingClientRect();
      Object.assign(frame.style, {
        left: `${box.left - origin.left}px`, top: `${box.top - origin.top}px`,
        width: `${box.width}px`, height: `${box.height}px`,
      });
    }
    // Add room below the page, so that its end scrolls above a sheet, without changing its layout.
    room.hidden = !open || !isSheet();
    if (!room.hidden) {
      room.style.top = `${document.body.getBoundingClientRect().bottom - origin.top}px`;
      room.style.height = `${panel.offsetHeight}px`;
    }
    host.classList.toggle("dark", isDark());
  }

  // The page's background decides, not the colour scheme of the system.
  function isDark() {
    for (let element = document.body; element; element = element.parentElement) {
      const [r, g, b, a = 1] = getComputedStyle(element).backgroundColor.match(/[\d.]+/g)?.map(Number) || [];
      if (a > 0.5) return 0.3 * r + 0.6 * g + 0.1 * b < 110;
    }
    return false;
  }

  let placing = 0;
  const soon = () => { placing ||= requestAnimationFrame(() => { placing = 0; place(); }); };

  function pointed(event) {
    const at = event.composedPath();
    for (const [picture, chip] of chips) {
      chip.classList.toggle("near", at.includes(picture) || at.includes(chip) || isInside(picture, event));
    }
  }

  // Another element, such as a link, can cover the picture and receive the event.
  function isInside(picture, { clientX: x, clientY: y }) {
    const box = picture.getBoundingClientRect();
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  }

  // --- the panel ------------------------------------------------------------------------------

  const layer = make("div"), frame = make("div", "frame"), panel = make("section");
  const room = make("div", "room");
  const isSheet = () => panel.offsetWidth === document.documentElement.clientWidth;
  panel.tabIndex = -1;
  panel.hidden = frame.hidden = room.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", "Picture");
  const parts = {
    head: make("header"), state: make("span", "state"), close: make("button", "close", "×"),
    prompt: make("p", "prompt"), facts: make("p", "facts"), why: make("p", "why"),
    takes: make("div", "takes"), says: make("p", "says"), buttons: make("div", "buttons"),
    draw: make("button"), another: make("button"), pick: make("button", "first"),
    alts: make("button"), words: make("div", "words"),
  };
  parts.head.append(make("span", "dot"), parts.state, parts.close);
  parts.buttons.append(parts.pick, parts.draw, parts.another, parts.alts);
  parts.prompt.tabIndex = 0;
  parts.close.setAttribute("aria-label", "Close");
  parts.state.setAttribute("role", "status");
  parts.says.setAttribute("role", "status");
  parts.takes.setAttribute("role", "group");
  parts.takes.setAttribute("aria-label", "Takes");
  panel.append(parts.head, parts.prompt, parts.facts, parts.why, parts.takes, parts.words, parts.says, parts.buttons);

  function unfold(picture, { quietly = false } = {}) {
    close({ quietly: true });
    open = picture;
    alts = null;
    say("");
    panel.hidden = false;
    refresh();
    if (quietly) return;
    panel.focus({ preventScroll: true });
    // On a narrow screen the panel is a sheet: scroll the picture above it.
    const box = picture.getBoundingClientRect(), sheet = panel.getBoundingClientRect();
    if (isSheet() && box.bottom > sheet.top) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const by = Math.min(box.bottom - sheet.top + 16, box.top - 80);
      scrollBy({ top: Math.max(0, by), behavior: calm ? "auto" : "smooth" });
    }
  }

  function close({ quietly = false } = {}) {
    if (!open) return;
    const chip = chips.get(open);
    look(0);
    open = null;
    panel.hidden = true;
    sessionStorage.removeItem(OPEN);
    if (chip) {
      chip.setAttribute("aria-expanded", "false");
      if (!quietly) chip.focus({ preventScroll: true });
    }
    place();
  }

  function say(text, kind = "") {
    parts.says.textContent = text;
    parts.says.className = `says ${kind}`;
    parts.says.hidden = !text;
  }

  function label(button, words, cost, free) {
    button.replaceChildren(words);
    if (cost) {
      const count = cost.requests > 1 ? `${cost.requests} requests, ` : "";
      button.append(" ", make("small", "", free ? "(free)" : `(${count}${price(cost)})`));
    }
  }

  // A button that is disabled or hidden while it has the focus would lose it to the page.
  function render() {
    const held = panel.contains(tree.activeElement);
    fillPanel();
    const at = tree.activeElement;
    if (held && (!at || at.disabled || at.closest("[hidden]"))) panel.focus({ preventScroll: true });
  }

  function fillPanel() {
    const state = states.get(handleOf(open));
    const { why_not: whyNot } = state;
    panel.className = `panel ${className(state)}`;
    if (parts.state.textContent !== nameOf(state)) parts.state.textContent = nameOf(state);
    parts.prompt.textContent = state.prompt;
    const take = state.take > 1 ? [`take ${state.take}`] : [];
    parts.facts.textContent = [state.model, state.size, state.ratio, ...take, state.pages.join(", ")].join(" · ");
    const why = [state.why, whyNot, state.notice].filter(Boolean);
    parts.why.textContent = [...new Set(why)].join(". ");
    parts.why.hidden = !why.length;
    const drawing = state.state === "drawing";
    const stocked = state.state === "in stock";
    parts.draw.hidden = !state.draw || drawing;
    parts.draw.disabled = parts.another.disabled = busy || state.asking || Boolean(whyNot);
    parts.draw.className = stocked ? "" : "first";
    if (state.draw) {
      const words = stocked ? "Draw it for dark pages" : { drifted: "Draw again", earlier: "Draw again", failed: "Try again", "in batch": "Draw now" }[state.state] || "Draw";
      label(parts.draw, words, state.draw, state.free);
    }
    parts.another.hidden = !state.another;
    if (state.another) label(parts.another, "Another take", state.another, state.free);
    renderTakes(state);
    renderAlts(state);
    parts.pick.hidden = !tried || tried === state.take;
    parts.pick.disabled = busy;
    parts.pick.textContent = `Pick take ${tried}`;
  }

  function renderAlts(state) {
    const known = alts?.handle === state.handle ? alts : null;
    parts.alts.hidden = !["in stock", "drifted"].includes(state.state) || (known && !known.cost);
    parts.alts.disabled = busy;
    label(parts.alts, known ? "Ask for an alt" : "Alt …", known?.cost, state.free);
    parts.words.hidden = !known;
    if (known && parts.words.known !== known) {
      parts.words.known = known;
      parts.words.replaceChildren(...known.places.map(place => altForm(state, place)));
    }
    for (const button of parts.words.querySelectorAll("button")) button.disabled = busy;
  }

  // One alt of the picture: what it is, and the proposal in a field, to accept, edit or skip.
  function altForm(state, place) {
    const form = make("form", "alt"), field = make("textarea"), row = make("div", "buttons");
    const name = `${place.page}${place.line ? `:${place.line}` : ""}`;
    const is = place.is === null ? "missing" : place.is || "empty, as for a decorative picture";
    form.append(make("p", "facts", [name, place.heading].filter(Boolean).join(" · ")), make("p", "", `Alt: ${is}`));
    if (place.problem) form.append(make("p", "why", place.problem));
    if (place.proposed === null || !place.line) return form;
    field.value = place.proposed;
    field.rows = 3;
    field.maxLength = 250;
    field.placeholder = "empty, as for a decorative picture";
    field.setAttribute("aria-label", `Proposed alt for ${name}`);
    const accept = make("button", "first", "Accept"), skip = make("button", "", "Skip");
    accept.type = "submit";
    skip.addEventListener("click", () => { form.remove(); panel.focus({ preventScroll: true }); });
    form.addEventListener("submit", async event => {
      event.preventDefault();
      busy = true;
      render();
      const alt = field.value.split(/\s+/).filter(Boolean).join(" ");
      const answer = await post("alt", { handle: state.handle, page: place.page, line: place.line, alt });
      busy = false;
      if (answer.complaint) {
        say(answer.complaint, "bad");
      } else {
        say(`The alt is written in ${answer.written.join(", ")}.`, "good");
        sessionStorage.setItem(OPEN, answer.handle); // the page is about to be reloaded
        form.remove();
      }
      if (open) render();
    });
    row.append(accept, skip);
    form.append(field, row);
    return form;
  }

  function renderTakes(state) {
    const takes = [...new Set([...state.takes, ...state.under_way])].sort((a, b) => a - b);
    const some = takes.length > 1 || (takes.length === 1 && takes[0] !== state.take);
    parts.takes.hidden = !some || state.state === "drawing";
    parts.takes.style.setProperty("--ratio", state.ratio.replace(":", " / "));
    const known = new Map([...parts.takes.children].map(button => [button.dataset.name, button]));
    const wanted = some ? takes.map(take => {
      const name = `${state.handle} ${take} ${state.takes.includes(take)}`;
      return known.get(name) || takeButton(state, take, name);
    }) : [];
    if (wanted.length !== parts.takes.children.length || wanted.some((each, n) => parts.takes.children[n] !== each)) {
      parts.takes.replaceChildren(...wanted);
    }
    for (const button of wanted) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.take) === (tried || state.take)));
    }
  }

  function takeButton(state, take, name) {
    const button = make("button", "take");
    button.dataset.name = name;
    button.dataset.take = take;
    button.append(make("span", "", take === state.take ? `${take} ✓` : String(take)));
    button.setAttribute("aria-label", `Take ${take}${take === state.take ? ", on the page" : ""}`);
    button.disabled = !state.takes.includes(take);
    if (button.disabled) return button;
    button.addEventListener("click", () => look(take === state.take ? 0 : take));
    sample(state.handle, take).then(url => {
      if (!url) return;
      const image = make("img");
      image.alt = "";
      image.src = url;
      button.prepend(image);
    });
    return button;
  }

  // Show a take in place of the picture, until the author picks it or goes back.
  async function look(take) {
    const picture = open, state = picture && states.get(handleOf(picture));
    if (!state || tried === take) return;
    tried = take;
    if (!take) {
      show(picture, state);
    } else {
      const url = await sample(state.handle, take);
      if (!url || open !== picture || tried !== take) return;
      picture.removeAttribute("srcset");
      picture.src = url + new URL(picture.src, location.href).hash;
    }
    if (open) refresh();
  }

  async function press(name, cost) {
    if (busy || !open || !cost) return;
    busy = true;
    say("");
    render();
    const answer = await post(name, { handle: handleOf(open), usd: cost.usd });
    busy = false;
    if (answer.complaint) say(answer.complaint, "bad");
    if (open) render();
  }

  parts.draw.addEventListener("click", () => press("draw", states.get(handleOf(open)).draw));
  parts.another.addEventListener("click", () => press("take", states.get(handleOf(open)).another));
  parts.alts.addEventListener("click", async () => {
    const handle = handleOf(open);
    busy = true;
    say("");
    render();
    const usd = alts?.handle === handle && alts.cost ? alts.cost.usd : null;
    const answer = await post("alts", { handle, usd });
    busy = false;
    if (answer.complaint) say(answer.complaint, "bad");
    else if (answer.why_not && !answer.places.some(place => place.proposed !== null)) say(answer.why_not, "bad");
    if (!answer.complaint) alts = answer;
    if (open) render();
  });
  parts.close.addEventListener("click", () => close());
  parts.pick.addEventListener("click", async () => {
    busy = true;
    render();
    const picked = tried;
    const answer = await post("pick", { handle: handleOf(open), take: picked });
    busy = false;
    if (answer.complaint) {
      say(answer.complaint, "bad");
    } else {
      say(`take: ${picked} is written in ${answer.written.join(", ")}.`, "good");
      sessionStorage.setItem(OPEN, answer.handle); // the page is about to be reloaded
    }
    if (open) render();
  });
  // Wherever the focus is, except in a field of the page: a theme's search has its own Escape.
  addEventListener("keydown", event => {
    const at = event.composedPath();
    const isField = !at.includes(host) && at[0].matches?.("input, textarea, select, [contenteditable]");
    if (event.key === "Escape" && open && !isField) { event.stopPropagation(); close(); }
  }, true);

  // --- begin ----------------------------------------------------------------------------------

  async function begin() {
    const style = await (await fetch(root + "panel.css")).text();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    tree.adoptedStyleSheets = [sheet];
    tree.append(layer, frame, room, panel);
    document.documentElement.append(host);
    document.addEventListener("pointermove", pointed, { passive: true });
    addEventListener("resize", soon);
    addEventListener("scroll", soon, { passive: true, capture: true });
    document.addEventListener("load", soon, true);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") listen();
      else { listening?.abort(); listening = null; }
    });
    const sizes = new ResizeObserver(soon);
    sizes.observe(document.body);
    sizes.observe(panel);
    // Tabs open, and themes replace a page's content without loading a page.
    let known = "";
    new MutationObserver(() => {
      soon();
      const now = pictures().map(handleOf).join();
      if (now !== known) { known = now; ask().then(refresh, () => {}); }
    }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["class", "open", "hidden", MARK, "data-md-color-scheme", "data-bs-theme"] });
    known = pictures().map(handleOf).join();
    await ask().catch(() => {});
    const before = pictures().find(picture => handleOf(picture) === sessionStorage.getItem(OPEN) && chips.has(picture));
    if (before) {
      unfold(before, { quietly: true });
      panel.focus({ preventScroll: true }); // as it was when the take was picked
    }
    listen();
  }
  begin();
})();
