// Without this file every form works as a form. With it, only the row that was tried changes.
const announcement = document.getElementById('announcement');
const tally = document.getElementById('tally');
const tryAll = document.getElementById('try-all');
const forms = [...document.querySelectorAll('.attempts form')];

async function play(form) {
  const row = form.closest('li');
  const outcome = row.querySelector('.outcome');
  row.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(form.action, { method: 'POST', headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const answer = page.getElementById(row.id)?.querySelector('.outcome');
    if (!answer) throw new Error('No outcome');
    outcome.replaceChildren(...answer.childNodes);
  } catch {
    const lost = document.createElement('p');
    lost.className = 'answer';
    lost.dataset.expected = 'no';
    lost.textContent = 'No answer. Does the sample still run?';
    outcome.replaceChildren(lost);
  } finally {
    row.removeAttribute('aria-busy');
  }
  return outcome.querySelector('.answer');
}

for (const form of forms) {
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const answer = await play(form);
    announcement.textContent = `${form.querySelector('h4').textContent}: ${answer.textContent}`;
  });
}

if (tryAll) {
  tryAll.hidden = false;
  tryAll.addEventListener('click', async () => {
    if (tryAll.getAttribute('aria-disabled') === 'true') return;
    tryAll.setAttribute('aria-disabled', 'true');
    tally.textContent = '';
    let right = 0;
    for (const form of forms) {
      const answer = await play(form);
      if (answer.dataset.expected === 'yes') right += 1;
    }
    tryAll.removeAttribute('aria-disabled');
    tally.dataset.expected = right === forms.length ? 'yes' : 'no';
    tally.textContent = right === forms.length
      ? `All ${right} came as they should.`
      : `${forms.length - right} of ${forms.length} did not come as they should.`;
  });
}
