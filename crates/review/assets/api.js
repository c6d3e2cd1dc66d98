// Requests to the program. Addresses are relative, so the token in the page's address is kept.

/** An answer that is not a success. `status` is 0 if there was no answer at all. */
export class Failure extends Error {
  constructor(status, body) {
    super(body?.error ?? `status ${status}`);
    this.status = status;
    this.hint = body?.hint;
    this.revision = body?.revision;
  }
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(`api/${path}`, { cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure(0);
  }
  const body = await response.json().catch(() => undefined);
  if (!response.ok) throw new Failure(response.status, body);
  return body;
}

/** Fetches JSON. */
export const get = (path, values = {}, signal) => {
  const query = new URLSearchParams(values).toString();
  return request(query ? `${path}?${query}` : path, { signal });
};

/** Sends JSON and returns the answer. */
export const post = (path, body) =>
  request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
