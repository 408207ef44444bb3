import { ApiError } from "../api/client";

/** Says what went wrong, with each part of the request that is at fault. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const parts = error instanceof ApiError && error.parts.length > 1 ? error.parts : [];
  return (
    <div className="notice notice-bad" role="alert">
      <p>{error instanceof ApiError ? sentence(error) : "Something went wrong in the console."}</p>
      {parts.length > 0 && (
        <ul>
          {parts.map((p) => (
            <li key={p.location + p.message}>
              {plain(p.location)} {p.message}
            </li>
          ))}
        </ul>
      )}
      {retry && (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** What went wrong, in place of a page's subject. */
export function NotShown({ what, ...failure }: { what: string; error: unknown; retry: () => void }) {
  return (
    <>
      <h1>{what} cannot be shown</h1>
      <Failure {...failure} />
    </>
  );
}

const plain = (location: string) => location.replace(/^(body|query|path)\./, "");

function sentence(error: ApiError): string {
  const text = plain(error.message).trim();
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

export function Loading({ what }: { what: string }) {
  return (
    <p className="loading" role="status">
      Loading {what}…
    </p>
  );
}
