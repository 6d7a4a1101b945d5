// A record's page, a little livelier: Save becomes the one main button once something is typed, and leaving then asks first.
// The page works without it.

const form = document.querySelector('form[data-dirty]');
const save = form?.querySelector('[data-save]');
const problem = document.getElementById('problem');
let leaving = false;

function dirty() {
  return [...form.elements].some((input) => {
    const was = form.elements.namedItem('was-' + input.name);
    if (!was) return false;
    const now = input.type === 'checkbox' ? (input.checked ? 'yes' : '') : input.value;
    return now !== was.value;
  });
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
