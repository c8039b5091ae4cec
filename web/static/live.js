// Keeps the parts of a page marked data-refresh fresh. Everything works without it: then a reload does the same.
"use strict";

(() => {
  const { live: address, every, send } = document.body.dataset;
  if (!address) return;

  const shown = new Map();
  let waiting = null;
  let isAsking = false;

  const replace = (fresh) => {
    const old = document.getElementById(fresh.id);
    const html = fresh.innerHTML;
    if (!old || (shown.has(fresh.id) ? shown.get(fresh.id) : old.innerHTML) === html) return;
    shown.set(fresh.id, html);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const name = focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.name && `[name="${focused.name}"][value="${focused.value}"]`);
    old.replaceChildren(...fresh.childNodes);
    old.className = fresh.className;
    // Whoever navigates by keyboard stays where they were, or at the start of the part that changed.
    if (focused) (name && old.querySelector(name) || document.getElementById("main")).focus({ preventScroll: true });
  };

  const take = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll("[data-refresh][id]").forEach(replace);
  };

  const refresh = async () => {
    clearTimeout(waiting);
    if (!document.hidden && !isAsking) {
      isAsking = true;
      try {
        const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
        if (answer.ok) take(await answer.text());
      } catch {
        // No network for a moment: the page keeps what it shows and asks again.
      }
      isAsking = false;
    }
    waiting = setTimeout(refresh, Number(every));
  };

  const submit = async (event) => {
    const { submitter, target: form } = event;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, submitter));
    const to = submitter?.getAttribute("formaction") || form.getAttribute("action");
    if (submitter) submitter.disabled = true;
    try {
      const answer = await fetch(to, { method: "POST", body, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector(".flashes").replaceChildren(...(page.querySelector(".flashes")?.childNodes ?? []));
      page.querySelectorAll("[data-refresh][id]").forEach(replace);
      if (answer.ok) form.querySelectorAll("input:not([type=hidden], [type=checkbox], #customer)").forEach((field) => { field.value = ""; });
    } catch {
      form.submit();
    }
    if (submitter) submitter.disabled = false;
  };

  if (send !== undefined) document.addEventListener("submit", submit);
  document.addEventListener("visibilitychange", refresh);
  waiting = setTimeout(refresh, Number(every));
})();
