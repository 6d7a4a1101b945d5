// A record's page, a little livelier: Save becomes the one main button once something is typed, and leaving then asks first.
// The page works without it.

const form = document.querySelector('form[data-dirty]');
const save = form?.querySelector('[data-save]');
const problem = document.getElementById('problem');
let leaving = false;

// What a field holds now, as the server reads it from the form: of what is ticked the values, in order.
function now(name) {
  const inputs = [...form.elements].filter((input) => input.name === name);
  if (inputs[0]?.type !== 'checkbox') return inputs[0]?.value;
  return inputs.filter((input) => input.checked).map((input) => input.value).sort().join(',');
}

function dirty() {
  return [...form.querySelectorAll('[name^="was-"]')].some((was) => now(was.name.slice(4)) !== was.value);
}

function mark() {
  const changed = dirty();
  save.classList.toggle('primary', changed);
  save.closest('.save').classList.toggle('dirty', changed);
  form.querySelector('[data-idle]')?.toggleAttribute('hidden', changed);
  for (const move of document.querySelectorAll('.moves .button')) {
    move.classList.toggle('primary', !changed && move.dataset.first === 'yes');
  }
}

if (save) {
  for (const move of document.querySelectorAll('.moves .button.primary')) move.dataset.first = 'yes';
  form.addEventListener('input', mark);
  form.addEventListener('submit', () => { leaving = true; });
  addEventListener('beforeunload', (event) => { if (!leaving && dirty()) event.preventDefault(); });
  mark();
}
problem?.focus();
