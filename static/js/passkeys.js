/* Passkeys: buttons with data-passkey="create" or "get" ask the server for options, the device for an answer, and
   hand the answer back. The buttons stay hidden where the browser knows no passkeys. */
(() => {
  'use strict';
  const token = () => document.querySelector('meta[name=csrf-token]').content;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const decoded = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

  async function post(url, body) {
    const answer = await fetch(url, {
      method: 'POST', credentials: 'same-origin', redirect: 'error', body: body && JSON.stringify(body),
      headers: { 'X-CSRFToken': token(), Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(said.message ?? '');
    return said;
  }
  async function create(options) {
    const made = await navigator.credentials.create({ publicKey: {
      ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: decoded(options.excludeCredentials),
    } });
    const { clientDataJSON, attestationObject } = made.response;
    return packed(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
  }
  async function get(options) {
    const given = await navigator.credentials.get({ publicKey: {
      ...options, challenge: bytes(options.challenge), allowCredentials: decoded(options.allowCredentials),
    } });
    const { clientDataJSON, authenticatorData, signature, userHandle } = given.response;
    return packed(given, {
      clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature),
      userHandle: userHandle && text(userHandle),
    });
  }
  const packed = (key, response) => ({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {} });

  async function use(button) {
    const message = button.closest('.panel')?.querySelector('[data-passkey-message]');
    message?.replaceChildren();
    button.disabled = true;
    try {
      const options = await post(button.dataset.begin);
      const answer = await (button.dataset.passkey === 'create' ? create : get)(options);
      location.assign((await post(button.dataset.finish, answer)).next);
    } catch (error) {
      if (message) message.textContent = error.name === 'Error' && error.message ? error.message : button.dataset.failed;
      button.disabled = false;
      button.focus();
    }
  }
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll('[data-passkey]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => use(button));
  });
})();
