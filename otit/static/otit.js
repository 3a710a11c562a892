/* Three conveniences; every page works without them.
   1. progress: a box with data-poll-url is asked for its state and kept up to date
   2. a form is sent once: its buttons rest until the next page, or until the person comes back
   3. a form with data-guard asks before unsaved input is left behind */
(() => {
  "use strict";

  const POLL_MS = 1500;
  const POLL_SLOW_MS = 10000;

  function secondsLeft(started, startDone, done, total) {
    const gone = (Date.now() - started) / 1000;
    const moved = done - startDone;
    return moved > 0 && gone > 3 && total > done ? Math.ceil((gone / moved) * (total - done)) : null;
  }

  function wordsForTimeLeft(box, seconds) {
    if (seconds === null) return "";
    return seconds < 60
      ? box.dataset.textSeconds.replace("{n}", String(seconds))
      : box.dataset.textMinutes.replace("{n}", String(Math.ceil(seconds / 60)));
  }

  function watchProgress(box) {
    const bar = box.querySelector("progress");
    const put = (name, text) => {
      const place = box.querySelector(`[data-progress="${name}"]`);
      if (place && place.textContent !== text) place.textContent = text;
    };
    const count = new Intl.NumberFormat("ja-JP");
    const started = Date.now();
    let startDone = null;
    let failures = 0;

    function show(state) {
      if (state.total) {
        bar.max = state.total;
        bar.value = state.done;
        put("count", box.dataset.textCount.replace("{done}", count.format(state.done)).replace("{total}", count.format(state.total)));
      }
      if (startDone === null) startDone = state.done;
      put("left", wordsForTimeLeft(box, secondsLeft(started, startDone, state.done, state.total)));
      if (state.message) put("message", state.message);
    }

    async function ask() {
      let delay = POLL_MS;
      try {
        const answer = await fetch(box.dataset.pollUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (answer.redirected || answer.status === 401 || answer.status === 403) return location.reload();
        if (!answer.ok) throw new Error(String(answer.status));
        const state = await answer.json();
        failures = 0;
        show(state);
        if (state.redirect) return location.replace(state.redirect);
        if (box.dataset.finalStates.split(" ").includes(state.status)) return location.reload();
      } catch {
        failures += 1;
        delay = Math.min(POLL_MS * 2 ** failures, POLL_SLOW_MS);
        put("message", box.dataset.textOffline);
      }
      return setTimeout(ask, delay);
    }
    setTimeout(ask, POLL_MS);
  }

  const resting = new Map(); // form -> the buttons we put to rest, and no others

  function onSubmit(event) {
    const form = event.target;
    const repeatable = "repeat" in form.dataset; // a download leaves the page where it is
    if (event.defaultPrevented || repeatable || form.method.toLowerCase() !== "post") return;
    if (resting.has(form)) {
      event.preventDefault();
      return;
    }
    const buttons = [...form.elements].filter((part) => part.type === "submit" && !part.disabled);
    resting.set(form, buttons);
    // After the event: a button disabled any earlier would not send its own name and value.
    setTimeout(() => buttons.forEach((button) => { button.disabled = true; }));
  }

  function onPageShow() {
    for (const buttons of resting.values()) buttons.forEach((button) => { button.disabled = false; });
    resting.clear();
  }

  function guard(form) {
    let changed = form.dataset.guard === "changed";
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    addEventListener("beforeunload", (event) => {
      if (changed) event.preventDefault();
    });
  }

  function closeMenus(event) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      const outside = event.type === "click" && !menu.contains(event.target);
      const escaped = event.type === "keydown" && event.key === "Escape";
      if (escaped && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      if (outside || escaped) menu.open = false;
    }
  }

  document.addEventListener("submit", onSubmit);
  addEventListener("pageshow", onPageShow);
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  for (const box of document.querySelectorAll("[data-poll-url]")) watchProgress(box);
  for (const form of document.querySelectorAll("form[data-guard]")) guard(form);
  const summary = document.querySelector(".overtaken, .error-summary");
  if (summary) summary.focus();
})();
