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

/** Saves a file, and returns what its format could not hold, or an empty text. */
export async function download(path, values) {
  const address = `api/${path}?${new URLSearchParams(values)}`;
  const response = await fetch(address, { cache: "no-store" }).catch(() => {
    throw new Failure(0);
  });
  if (!response.ok) throw new Failure(response.status, await response.json().catch(() => undefined));
  const [, name] = /filename\*=UTF-8''(.*)/.exec(response.headers.get("content-disposition")) ?? [];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = decodeURIComponent(name ?? "review");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return decodeURIComponent(response.headers.get("x-nasaq-losses") ?? "");
}

/** Sends JSON and returns the answer. */
export const post = (path, body) =>
  request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
