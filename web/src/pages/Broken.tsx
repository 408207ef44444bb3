import { api } from "../api/client";
import { NotShown } from "../ui/Notice";
import { useTitle } from "../ui/useTitle";

/**
 * Fetches the code of a page. While the server is away it says so; without that the
 * router would load the address anew, and the browser show a page of its own.
 */
export async function codeOf<T>(page: Promise<T>): Promise<T> {
  try {
    return await page;
  } catch (error) {
    await api.status();
    throw error;
  }
}

/** Stands where a page cannot be shown. */
export function Broken({ error }: { error: unknown }) {
  useTitle("Not shown");
  // Code that did not come once is asked for again only by a page that is loaded anew.
  const again = () => api.status().then(() => location.reload(), () => undefined);
  return (
    <div className="page">
      <NotShown what="The page" error={error} retry={() => void again()} />
    </div>
  );
}
