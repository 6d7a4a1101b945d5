// A new record's child rows: added and removed in place. Without this script the same buttons ask the server for the form again.

const form = document.querySelector('form[data-island="form"]');

function add(list) {
  const template = list.querySelector('template');
  const numbers = [...list.querySelectorAll('[name^="' + list.dataset.rows + '."]')].map((input) => Number(input.name.split('.')[1]));
  const next = Math.max(-1, ...numbers.filter(Number.isInteger)) + 1;
  const row = template.content.firstElementChild.cloneNode(true);
  for (const node of [row, ...row.querySelectorAll('*')]) {
    for (const name of ['name', 'id', 'for', 'value', 'aria-describedby']) {
      const text = node.getAttribute(name);
      if (text?.includes('__')) node.setAttribute(name, text.replace('__', next));
    }
  }
  template.before(row);
  row.querySelector('input:not([type=hidden]), select, textarea')?.focus();
}

form?.addEventListener('click', (event) => {
  const button = event.target.closest('button[name="add"], button[name="remove"]');
  if (!button) return;
  event.preventDefault();
  const list = button.closest('[data-rows]');
  if (button.name === 'add') add(list);
  else {
    button.closest('.child').remove();
    list.querySelector('button[name="add"]').focus();
  }
});

document.getElementById('problem')?.focus();
