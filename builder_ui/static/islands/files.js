// Files of a field, a little livelier: they go up as soon as they are chosen, dropped or pasted, and the form carries their ids.
// Without this script the form carries the files themselves, and a tick takes one out.

import { upload } from "./lib/api.js";
import { t } from "./lib/i18n.js";

for (const box of document.querySelectorAll("[data-files]")) enliven(box);

function enliven(box) {
  const value = box.querySelector("input[type=hidden]");
  const chooser = box.querySelector("input[type=file]");
  const list = box.querySelector(".file-list");
  const zone = box.querySelector(".drop-zone");
  const said = box.querySelector(".said-here");
  const must = chooser.required;
  let going = 0;

  const ids = () => (value.value ? JSON.parse(value.value) : []);

  function keep(changed) {
    value.value = changed.length ? JSON.stringify(changed) : "";
    chooser.required = must && changed.length === 0;
    value.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function remover(row, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = t("Remove");
    button.setAttribute("aria-label", t("Remove {name}", { name }));
    button.addEventListener("click", () => {
      keep(ids().filter((id) => id !== row.dataset.file));
      row.remove();
      chooser.focus();
    });
    return button;
  }

  function line(file) {
    const row = document.createElement("li");
    row.className = "going";
    if (file.type.startsWith("image/")) {
      const image = document.createElement("img");
      image.alt = "";
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      row.append(image);
    } else {
      const paper = document.createElement("span");
      paper.className = "paper";
      paper.textContent = file.name.split(".").pop().slice(0, 4);
      row.append(paper);
    }
    const name = document.createElement("span");
    name.className = "file-name";
    name.textContent = file.name;
    row.append(name, document.createElement("progress"));
    list.append(row);
    return row;
  }

  async function send(file) {
    if (ids().length + going >= Number(box.dataset.most)) {
      said.textContent = t("At most {n} files", { n: box.dataset.most });
      return;
    }
    if (file.size > Number(box.dataset.bytes)) {
      said.textContent = t("{name} is too large: at most {size}", { name: file.name, size: box.dataset.size });
      return;
    }
    const row = line(file);
    going += 1;
    try {
      const { data } = await upload(box.dataset.upload, file);
      row.dataset.file = data.id;
      row.querySelector(".file-name").textContent = data.name;
      row.querySelector("progress").replaceWith(remover(row, data.name));
      row.classList.remove("going");
      keep([...ids(), data.id]);
    } catch (error) {
      row.remove();
      said.textContent = t("{name} was not taken: {why}", { name: file.name, why: error.detail || error.message });
    } finally {
      going -= 1;
    }
  }

  async function take(files) {
    said.textContent = "";
    for (const file of files) await send(file);
  }

  for (const row of list.children) {
    const tick = row.querySelector(".drop");
    tick?.replaceWith(remover(row, row.querySelector(".file-name")?.firstChild?.textContent ?? ""));
  }
  box.classList.add("live");
  box.querySelector(".only-script").hidden = false;
  chooser.addEventListener("change", async () => {
    const chosen = [...chooser.files];
    // What has gone up by itself is not sent with the form again.
    chooser.value = "";
    await take(chosen);
  });
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files); });
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const only = document.querySelectorAll("[data-files]").length === 1;
    if (files.length && (only || box.contains(document.activeElement))) {
      event.preventDefault();
      take(files);
    }
  });
}
