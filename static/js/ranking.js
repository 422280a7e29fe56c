/* Lists that are put in order: each step is sent at once and the list comes back from the server. The page works without this file:
   every button is a form of its own. */
(() => {
  'use strict';
  const place = () => document.getElementById('ranking');
  const said = document.getElementById('ranking-said');
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  let running = Promise.resolve();

  function announce(text) {
    said.textContent = '';
    setTimeout(() => { said.textContent = text; }, 50);
  }
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  /* Steps go out one after the other, each with the version that the one before has made */
  function send(form, values, focus) {
    const name = form.closest('[data-item]').dataset.name;
    const item = form.closest('[data-item]').dataset.item;
    running = running.then(async () => {
      const body = new FormData(form);
      Object.entries(values).forEach(([key, value]) => body.set(key, value));
      body.set('version', place().dataset.version);
      try {
        const answer = await fetch(form.getAttribute('action'), {
          method: 'POST', body, credentials: 'same-origin',
          headers: { 'X-CSRFToken': body.get('csrf_token') },
        });
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('ranking');
        if (!fresh) throw new Error(String(answer.status));
        place().replaceWith(document.adoptNode(fresh));
      } catch {
        show();
        fail(place().dataset.failed);
        return;
      }
      show();
      focusOn(item, focus);
      tell(item, name);
    });
  }
  function fail(message) {
    all('[data-failure]').forEach((old) => old.remove());
    const line = document.createElement('p');
    line.className = 'autosave is-failed';
    line.dataset.failure = '';
    line.textContent = message;
    place().prepend(line);
    announce(message);
  }

  /* What happened, for those who do not see it */
  function tell(item, name) {
    const refusal = place().querySelector('[data-refusal]');
    if (refusal) { announce(refusal.textContent); return; }
    const saved = place().querySelector('[data-saved-line]')?.textContent ?? '';
    const entry = place().querySelector(`[data-ranked] [data-item="${CSS.escape(item)}"]`);
    let text = place().dataset.removed;
    if (entry?.dataset.stands) text = entry.dataset.stands;
    else if (entry) text = place().dataset.said;
    const mates = entry ? Array.from(entry.parentElement.children) : [];
    announce(`${fill(text, { name, place: mates.indexOf(entry) + 1, of: mates.length })} ${saved}`.trim());
  }

  /* The same button again, or the nearest one that can be pressed */
  function focusOn(item, wanted) {
    const entry = place().querySelector(`[data-item="${CSS.escape(item)}"]`);
    if (!entry) return;
    const exact = wanted === 'handle' ? entry.querySelector('[data-handle]') : entry.querySelector(`button[value="${CSS.escape(wanted)}"]`);
    const found = exact && !exact.disabled ? exact : entry.querySelector('button:not([disabled]):not([hidden])');
    found?.focus({ preventScroll: wanted === 'handle' });
  }
  const show = () => all('[data-handle]', place()).forEach((handle) => { handle.hidden = false; });

  /* Buttons; before the page's own listener, which marks a form as sent */
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-step]') || !event.submitter) return;
    event.preventDefault();
    event.stopPropagation();
    send(form, { step: event.submitter.value }, event.submitter.value);
  }, true);
  document.addEventListener('keydown', (event) => {
    const step = { ArrowUp: 'up', ArrowDown: 'down' }[event.key];
    if (!step || !event.target.matches('[data-handle]')) return;
    event.preventDefault();
    send(event.target.form, { step }, 'handle');
  });

  /* Drag with mouse, pen or finger, from the handle */
  let drag = null;
  document.addEventListener('pointerdown', (event) => {
    const handle = event.target.closest?.('[data-handle]');
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.focus({ preventScroll: true });
    const entry = handle.closest('[data-item]');
    drag = { entry, handle, start: event.clientY, from: entry.nextElementSibling, list: entry.parentElement, target: null, moved: false };
    handle.setPointerCapture(event.pointerId);
  });
  document.addEventListener('pointermove', (event) => {
    if (!drag || (!drag.moved && Math.abs(event.clientY - drag.start) < 4)) return;
    drag.moved = true;
    drag.entry.classList.add('is-dragged');
    if (place().querySelector('[data-tiers]')) aim(event.clientY); else reorder(event.clientY);
    if (event.clientY < 60) window.scrollBy(0, -12);
    if (event.clientY > window.innerHeight - 60) window.scrollBy(0, 12);
  });
  function reorder(y) {
    const others = Array.from(drag.list.children).filter((each) => each !== drag.entry);
    const next = others.find((each) => { const box = each.getBoundingClientRect(); return y < box.top + box.height / 2; });
    if (next !== drag.entry.nextElementSibling) drag.list.insertBefore(drag.entry, next ?? null);
  }
  /* Over the middle of a tier: into it; over its edge: a tier of its own beside it; over a box: into that */
  function aim(y) {
    all('.is-target, .is-above, .is-below').forEach((each) => each.classList.remove('is-target', 'is-above', 'is-below'));
    const hit = all('[data-tier], [data-box]', place()).find((each) => { const box = each.getBoundingClientRect(); return y >= box.top && y <= box.bottom; });
    drag.target = null;
    if (!hit) return;
    if (hit.dataset.box) { drag.target = { step: hit.dataset.box }; hit.classList.add('is-target'); return; }
    const box = hit.getBoundingClientRect();
    const index = Number(hit.dataset.tier);
    const edge = Math.min(22, box.height / 4);
    if (y < box.top + edge) { drag.target = { gap: index }; hit.classList.add('is-above'); }
    else if (y > box.bottom - edge) { drag.target = { gap: index + 1 }; hit.classList.add('is-below'); }
    else {
      const mate = all('[data-item]', hit).find((each) => each !== drag.entry);
      if (mate) { drag.target = { beside: mate.dataset.item }; hit.classList.add('is-target'); }
    }
  }
  function drop(isDone) {
    if (!drag) return;
    const { entry, list, from, target, moved } = drag;
    drag = null;
    entry.classList.remove('is-dragged');
    all('.is-target, .is-above, .is-below').forEach((each) => each.classList.remove('is-target', 'is-above', 'is-below'));
    if (!moved) return;
    const form = entry.querySelector('[data-step]') ?? entry;
    if (place().querySelector('[data-tiers]')) { if (isDone && target) send(form, target, 'handle'); return; }
    if (!isDone) { list.insertBefore(entry, from); return; }
    if (entry.nextElementSibling !== from) send(form, { place: Array.from(list.children).indexOf(entry) }, 'handle');
  }
  document.addEventListener('pointerup', () => drop(true));
  document.addEventListener('pointercancel', () => drop(false));
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') drop(false); });

  if (place()) show();
})();
