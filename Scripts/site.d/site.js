// The search: pages that have all words, those with them in the title first, then those that say them most often.
"use strict";
const up = document.currentScript.dataset.up;
const input = document.getElementById("search");
const found = document.getElementById("found");

function snippet(text, word) {
  const at = Math.max(0, text.toLowerCase().indexOf(word) - 60);
  return (at > 0 ? "…" : "") + text.slice(at, at + 160).replace(/\s+/g, " ") + "…";
}

function score(page, word) {
  return (page.title.toLowerCase().includes(word) ? 1000 : 0) + page.text.toLowerCase().split(word).length - 1;
}

function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.replaceChildren();
  found.hidden = words.length === 0;
  if (found.hidden) return;
  const pages = window.searchIndex
    .filter((page) => words.every((word) => (page.title + " " + page.text).toLowerCase().includes(word)))
    .map((page) => ({ page, score: words.reduce((sum, word) => sum + score(page, word), 0) }))
    .sort((one, other) => other.score - one.score)
    .slice(0, 20);
  for (const { page } of pages) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const text = document.createElement("p");
    link.href = up + "/" + page.url;
    link.textContent = page.title;
    text.textContent = snippet(page.text, words[0]);
    item.append(link, text);
    found.append(item);
  }
  if (pages.length === 0) found.append(Object.assign(document.createElement("li"), { textContent: "no page has all of these words" }));
}

input.addEventListener("input", search);
input.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { input.value = ""; search(); }
  if (event.key === "Enter") found.querySelector("a")?.click();
});
