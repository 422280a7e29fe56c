/* Small helps for pages that work without them. No page depends on this file. */
(() => {
  'use strict';
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? '';

  /* htmx requests carry the CSRF token too */
  document.addEventListener('htmx:config:request', (event) => {
    const request = event.detail?.ctx?.request;
    if (request?.headers && request.method !== 'GET') request.headers['X-CSRFToken'] = token();
  });

  /* Error summary takes focus; its links go to the first control of their field */
  function focusSummary() {
    const summary = document.querySelector('[data-error-summary]');
    if (!summary) return;
    document.title = document.documentElement.lang === 'ja' ? `入力エラー：${document.title}` : `Error: ${document.title}`;
    summary.focus();
  }
  function goToField(event) {
    const link = event.target.closest?.('[data-error-summary] a');
    if (!link) return;
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const control = target.matches('input, select, textarea') ? target : target.querySelector('input, select, textarea') ?? target;
    (control.closest('.field') ?? control).scrollIntoView({ block: 'start' });
    control.focus({ preventScroll: true });
  }

  /* Menus: one open at a time, Escape closes and returns focus */
  function closeMenus(except) {
    all('[data-menu][open]').forEach((menu) => { if (menu !== except) menu.open = false; });
  }
  function escapeMenu(event) {
    if (event.key !== 'Escape') return;
    const menu = document.querySelector('[data-menu][open]');
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
  }
  function toggle(button) {
    const open = button.getAttribute('aria-expanded') !== 'true';
    button.setAttribute('aria-expanded', String(open));
    document.getElementById(button.dataset.toggles)?.classList.toggle('is-open', open);
  }

  /* Dialogs: the browser traps focus in a modal dialog and returns it */
  function openDialog(event, opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
    (dialog.querySelector('input:not([type=hidden]), select, textarea') ?? dialog.querySelector('.dialog-title'))?.focus();
    dialog.addEventListener('close', () => opener.focus(), { once: true });
  }
  function closeDialog(event, closer) {
    const dialog = closer.closest('dialog');
    if (!dialog?.open) return;
    event.preventDefault();
    dialog.close();
  }
  function pressButtonLikeLink(event) {
    if (event.key === ' ' && event.target.matches('a[role="button"]')) { event.preventDefault(); event.target.click(); }
  }

  /* Copy to the clipboard */
  async function copy(button) {
    const label = button.querySelector('span');
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = button.dataset.copied;
      label.setAttribute('role', 'status');
      setTimeout(() => { label.textContent = before; }, 2500);
    } catch { /* the text stands beside the button */ }
  }

  /* Ask before unsaved words are lost */
  const dirty = new Set();
  const words = (form) => new URLSearchParams(
    Array.from(new FormData(form)).filter(([name, value]) => typeof value === 'string' && !['csrf_token', 'once', 'version'].includes(name)),
  ).toString();
  function guard(form) {
    const before = words(form);
    const look = () => { if (words(form) === before) dirty.delete(form); else dirty.add(form); };
    form.addEventListener('input', look);
    form.addEventListener('submit', () => dirty.delete(form));
  }
  window.addEventListener('beforeunload', (event) => { if (dirty.size) event.preventDefault(); });

  /* Browsers may refuse storage (private windows): then nothing is kept, and nothing breaks */
  function remember(store, key, text) {
    try { if (text === null) window[store].removeItem(key); else window[store].setItem(key, text); } catch { /* refused */ }
  }
  function recall(store, key) {
    try { return window[store].getItem(key); } catch { return null; }
  }
  /* A form that was sent keeps its copy until a page other than an error page has come back */
  const SENT = 'renkei:sent';
  function forgetSent() {
    const key = recall('sessionStorage', SENT);
    if (key === null || document.querySelector('.error-page')) return;
    remember('sessionStorage', SENT, null);
    remember('localStorage', key, null);
  }

  /* Autosave: after a pause, in order, with a copy on this device until the server has it */
  function autosave(form) {
    const status = form.querySelector('[data-autosave-status]');
    const key = `renkei:draft:${form.dataset.autosave}`;
    let saved = words(form);
    let timer = 0;
    let running = null;
    let busy = false;
    let refused = '';
    let stopped = false;

    const say = (text, state, action) => {
      if (!status) return;
      status.className = `autosave ${state ? `is-${state}` : ''}`;
      status.textContent = text;
      if (!action) return;
      const again = document.createElement('button');
      again.type = 'button';
      again.className = 'btn btn-quiet btn-small';
      again.textContent = status.dataset.retry;
      again.addEventListener('click', action);
      status.append(' ', again);
    };
    const keep = (text) => remember('localStorage', key, text);
    const kept = () => recall('localStorage', key);
    const time = () => new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Tokyo' });

    async function send() {
      const now = words(form);
      if (stopped) return;
      refused = '';
      if (now === saved) { mark(); say('', ''); dirty.delete(form); keep(null); return; }
      say(status?.dataset.saving ?? '', 'saving');
      const body = new FormData(form);
      all('input[type=file]', form).forEach((input) => body.delete(input.name));
      busy = true;
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: 'POST', body, credentials: 'same-origin', redirect: 'error',
          headers: { 'X-CSRFToken': token(), 'X-Autosave': '1', Accept: 'application/json' },
        });
        if (answer.status === 409) { conflict(await answer.json()); return; }
        const news = await answer.json().catch(() => ({}));
        if (answer.status === 422) { refused = news.message ?? ''; mark(news.field); throw new Error('422'); }
        if (!answer.ok) throw new Error(String(answer.status));
        mark();
        if (form.elements.version && news.version) form.elements.version.value = news.version;
        saved = now;
        if (words(form) === saved) { dirty.delete(form); keep(null); }
        say(`${status?.dataset.saved ?? ''} ${time()}`, 'saved');
      } catch {
        say(refused || (status?.dataset.failed ?? ''), 'failed', save);
      } finally { busy = false; }
    }

    /* The field that was refused, until a saving goes through */
    function mark(name) {
      all('.autosave-refused', form).forEach((place) => place.classList.remove('field-invalid', 'autosave-refused'));
      const box = name ? form.elements[name] : null;
      const place = (box?.closest ? box : box?.[0])?.closest('.field');
      if (place && !place.classList.contains('field-invalid')) place.classList.add('field-invalid', 'autosave-refused');
    }

    /* Another device saved a newer version: stop, and let the person choose; both lead on, neither loses a word */
    function conflict(news) {
      stopped = true;
      keep(words(form));
      const saving = news.saved ? `${news.saved.at} ${news.saved.by}` : '';
      say(`${news.message} ${saving}`, 'failed');
      if (!status || !news.saved) return;
      const press = (label, act) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'btn btn-secondary btn-small';
        button.textContent = label;
        button.addEventListener('click', act);
        status.append(' ', button);
      };
      press(status.dataset.compare, () => form.requestSubmit(form.querySelector('button[type=submit]:not([name])')));
      press(status.dataset.mine, () => {
        const mine = document.createElement('input');
        Object.assign(mine, { type: 'hidden', name: 'overwrite', value: '1' });
        form.append(mine);
        stopped = false;
        saved = '';
        save().then(() => mine.remove());
      });
    }
    function save() {
      clearTimeout(timer);
      running = (running ?? Promise.resolve()).then(send);
      return running;
    }
    form.addEventListener('input', () => {
      const now = words(form);
      if (now === saved) dirty.delete(form); else { dirty.add(form); keep(now); }
      clearTimeout(timer);
      timer = setTimeout(save, 900);
    });
    form.addEventListener('focusout', () => { if (words(form) !== saved) save(); });
    form.addEventListener('submit', (event) => {
      clearTimeout(timer);
      const button = event.submitter;
      if (busy) { event.preventDefault(); running.then(() => form.requestSubmit(button)); return; } // else the two would overtake each other
      dirty.delete(form);
      remember('sessionStorage', SENT, key);
    });

    const lost = kept();
    if (lost && lost !== saved) { putBack(form, lost); dirty.add(form); say(status?.dataset.restored ?? '', 'failed', save); }
    else keep(null);
  }
  function putBack(form, text) {
    const lost = new URLSearchParams(text);
    Array.from(form.elements).forEach((control) => {
      if (!control.name || ['csrf_token', 'once'].includes(control.name) || ['hidden', 'file', 'submit', 'password'].includes(control.type)) return;
      const values = lost.getAll(control.name);
      if (['checkbox', 'radio'].includes(control.type)) control.checked = values.includes(control.value);
      else if (control.multiple) Array.from(control.options).forEach((option) => { option.selected = values.includes(option.value); });
      else if (values.length) control.value = values[0];
    });
  }

  /* Characters left, chosen files, ticked rows, one submit */
  function count(area) {
    const place = document.getElementById(`${area.id}-counter`);
    if (!place) return;
    const most = Number(area.dataset.counter);
    const show = () => {
      const left = most - Array.from(area.value.replace(/\r?\n/g, '\n')).length;
      const text = left < 0 ? place.dataset.over : place.dataset.left;
      place.textContent = text.replace('N', Math.abs(left).toLocaleString('en'));
      place.classList.toggle('is-over', left < 0);
    };
    area.addEventListener('input', show);
    if (area.value) show();
  }
  function tooLarge(input) {
    const most = Number(input.dataset.most);
    if (!most || !Array.from(input.files).some((file) => file.size > most)) return false;
    const place = document.createElement('p');
    place.className = 'field-error';
    place.setAttribute('role', 'alert');
    place.textContent = input.dataset.tooLarge;
    input.closest('.field')?.querySelector('.field-error')?.remove();
    input.before(place);
    input.value = '';
    return true;
  }
  function showChosen(input) {
    if (!tooLarge(input)) input.closest('.field')?.querySelector('.field-error[role=alert]')?.remove();
    const list = document.querySelector(`[data-chosen-for="${CSS.escape(input.id)}"]`);
    if (!list) return;
    list.replaceChildren(...Array.from(input.files, (file) => {
      const line = document.createElement('li');
      const size = file.size < 1e6 ? `${Math.max(1, Math.round(file.size / 1e3))} KB` : `${(file.size / 1e6).toFixed(1)} MB`;
      line.textContent = `${file.name} (${size})`;
      return line;
    }));
  }
  function ticked(bar) {
    const boxes = all(`input[type=checkbox][form="${CSS.escape(bar.dataset.bulk)}"]`);
    const chosen = boxes.filter((box) => box.checked).length;
    bar.classList.toggle('has-selection', chosen > 0);
    bar.querySelector('[data-bulk-count]').textContent = chosen;
    const head = document.querySelector(`[data-select-all="${CSS.escape(bar.dataset.bulk)}"]`);
    if (head) { head.checked = chosen > 0 && chosen === boxes.length; head.indeterminate = chosen > 0 && chosen < boxes.length; }
  }
  function once(event) {
    const button = event.submitter;
    if (event.defaultPrevented || event.target.method !== 'post' || !button) return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = '1';
    setTimeout(() => {
      button.classList.add('is-busy');
      button.setAttribute('aria-disabled', 'true');
      if (button.dataset.busy) button.querySelector('span').textContent = button.dataset.busy;
    });
    if (event.target.dataset.download) saved(event.target);
  }
  /* The answer is a file: the page stays, so it says what happens and is ready for the next */
  function saved(form) {
    all('[data-error-summary], .field-error', form.parentElement).forEach((message) => message.remove());
    const word = form.querySelector('[data-saved]') ?? form.appendChild(document.createElement('p'));
    word.dataset.saved = '';
    word.setAttribute('role', 'status');
    word.textContent = form.dataset.download;
    setTimeout(() => {
      const key = form.elements.once;
      if (key) key.value = crypto.randomUUID?.().replaceAll('-', '') ?? `${Date.now()}${Math.random()}`.replace(/\D/g, '');
      freshAgain();
    }, 2500);
  }
  function freshAgain() {
    all('form[data-sent]').forEach((form) => { delete form.dataset.sent; });
    all('.is-busy').forEach((button) => { button.classList.remove('is-busy'); button.removeAttribute('aria-disabled'); });
  }

  /* In narrow windows rows are cards: each cell says its column, taken from the head unless it says so itself */
  function labelCells() {
    all('table.list-cards').forEach((table) => {
      const heads = Array.from(table.tHead?.rows[0]?.cells ?? [], (cell) => cell.textContent.trim());
      all('tbody > tr', table).forEach((row) => Array.from(row.cells).forEach((cell, place) => {
        if (cell.dataset.label === undefined && cell.colSpan === 1) cell.dataset.label = heads[place] ?? '';
      }));
    });
  }
  document.addEventListener('htmx:after:swap', labelCells);

  document.addEventListener('click', (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    closeMenus(hit('[data-menu]'));
    goToField(event);
    if (hit('[data-dialog]')) openDialog(event, hit('[data-dialog]'));
    if (hit('[data-close-dialog]')) closeDialog(event, hit('[data-close-dialog]'));
    if (hit('[data-toggles]')) toggle(hit('[data-toggles]'));
    if (hit('[data-copy]')) copy(hit('[data-copy]'));
    if (hit('[data-print]')) window.print();
  });
  document.addEventListener('keydown', (event) => { escapeMenu(event); pressButtonLikeLink(event); });
  document.addEventListener('submit', once);
  window.addEventListener('pageshow', (event) => { if (event.persisted) freshAgain(); });
  document.addEventListener('change', (event) => {
    const control = event.target;
    if (control.matches('input[type=file]')) showChosen(control);
    if (control.matches('[data-select-all]')) all(`input[type=checkbox][form="${CSS.escape(control.dataset.selectAll)}"]`).forEach((box) => { box.checked = control.checked; });
    all('[data-bulk]').forEach(ticked);
  });

  focusSummary();
  forgetSent();
  labelCells();
  all('form[data-guard]').forEach(guard);
  all('form[data-autosave]').forEach(autosave);
  all('textarea[data-counter]').forEach(count);
})();
