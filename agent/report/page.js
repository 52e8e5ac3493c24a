"use strict";
// Sorts and filters tables, folds evidence, opens what an address points at.
// The page is whole without it.
(function () {
  const all = (s, from) => Array.from((from || document).querySelectorAll(s));
  all("[data-js]").forEach((e) => { e.hidden = false; });

  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const key = (row, i) => { const c = row.cells[i]; return c.dataset.by !== undefined ? c.dataset.by : c.textContent.trim(); };

  all("[data-table]").forEach((box) => {
    const body = box.querySelector("tbody");
    const heads = all("th", box);
    heads.forEach((th, i) => {
      const b = document.createElement("button");
      b.type = "button";
      b.textContent = th.textContent;
      th.textContent = "";
      th.append(b);
      b.addEventListener("click", () => {
        const down = th.getAttribute("aria-sort") === "ascending";
        heads.forEach((h) => h.removeAttribute("aria-sort"));
        th.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = Array.from(body.rows);
        rows.sort((x, y) => (down ? -1 : 1) * collator.compare(key(x, i), key(y, i)));
        if (th.classList.contains("num")) {
          const n = (r) => { const v = parseFloat(key(r, i)); return isNaN(v) ? -Infinity : v; };
          rows.sort((x, y) => (down ? -1 : 1) * (n(x) - n(y) || 0));
        }
        body.append(...rows);
      });
    });
    const text = box.querySelector("[data-filter]");
    const bad = box.querySelector("[data-bad]");
    const shown = box.querySelector("[data-shown]");
    const filter = () => {
      const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      Array.from(body.rows).forEach((r) => {
        const said = r.textContent.toLowerCase();
        const keep = words.every((w) => said.includes(w)) && (!bad || !bad.checked || r.dataset.trouble !== undefined);
        r.hidden = !keep;
        n += keep ? 1 : 0;
      });
      shown.textContent = n === body.rows.length ? "" : n + " of " + body.rows.length + " rows";
    };
    text.addEventListener("input", filter);
    if (bad) { bad.addEventListener("change", filter); }
  });

  all("[data-fold]").forEach((b) => b.addEventListener("click", () => {
    all("details.evidence").forEach((d) => { d.open = b.dataset.fold === "open"; });
  }));

  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const e = id && document.getElementById(id);
    if (!e) { return; }
    for (let d = e; d; d = d.parentElement) { if (d.tagName === "DETAILS") { d.open = true; } }
    if (e.classList.contains("cause")) { all("details.evidence", e).forEach((d) => { d.open = true; }); }
    if (e.tagName === "SECTION") { all(":scope > details", e).slice(0, 1).forEach((d) => { d.open = true; }); }
    if (e.tabIndex < 0) { e.focus({ preventScroll: true }); }
    e.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  all('a[href^="#"]').forEach((a) => a.addEventListener("click", () => setTimeout(reveal, 0)));
  reveal();

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open]):not(.noprint)");
    folded.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => { folded.forEach((d) => { d.open = false; }); folded = []; });
})();
