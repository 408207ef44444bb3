import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { callQuery, narrowed, type CallSearch } from "../reading/callSearch";
import { CallFilters } from "../reading/CallFilters";
import { CallList } from "../reading/CallList";
import { useCalls } from "../reading/useCalls";
import { Failure, Loading } from "../ui/Notice";
import { useTitle } from "../ui/useTitle";

/** Every call that passes the filters of the address, the newest first, as they come. */
export function CallsPage({ search }: { search: CallSearch }) {
  useTitle("Calls");
  const navigate = useNavigate();
  const client = useQueryClient();
  // "The last hour" is that before the page was opened, or the filter chosen.
  const [opened, setOpened] = useState(() => Date.now());
  const filter = useMemo(() => callQuery(search, opened), [search, opened]);
  const { pages, list, resting } = useCalls(filter);

  function change(next: CallSearch) {
    if (next.last) setOpened(Date.now());
    const merged = Object.fromEntries(Object.entries({ ...search, ...next }).filter(([, v]) => v !== "")) as CallSearch;
    void navigate({ to: "/calls", search: merged, replace: true, resetScroll: false });
  }
  function again() {
    window.scrollTo({ top: 0 });
    void client.resetQueries({ queryKey: ["calls", filter] });
  }
  const few = narrowed(search) > 0;
  return (
    <div className="page page-wide">
      <div className="heading">
        <div>
          <h1>Calls</h1>
          <p className="sub">The newest first; new ones appear by themselves.</p>
        </div>
      </div>
      <CallFilters search={search} onChange={change} onClear={() => void navigate({ to: "/calls", search: {}, replace: true })} />
      {pages.isError && <Failure error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && <Loading what="calls" />}
      {list.gap && (
        <button type="button" className="button new-calls" onClick={again}>
          Many new calls came: show the newest
        </button>
      )}
      {pages.isSuccess && list.count > 0 && (
        <CallList
          key={JSON.stringify(search)}
          list={list}
          more={pages.hasNextPage}
          loading={pages.isFetchingNextPage}
          loadMore={() => {
            if (!resting) void pages.fetchNextPage();
          }}
          goOn={(before) => {
            window.scrollTo({ top: 0 });
            change({ before });
          }}
        />
      )}
      {pages.isSuccess && list.count === 0 && !pages.hasNextPage && <Nothing few={few} />}
      {pages.isSuccess && list.count === 0 && pages.hasNextPage && !resting && (
        <p className="loading" role="status">
          None of the newest calls passes these filters. Looking further back…
        </p>
      )}
      {resting && !pages.isFetchingNextPage && (
        <div className="empty">
          <p>{list.count === 0 ? "None of the newest calls passes these filters." : "No further call was found for a good while back."} There are older ones.</p>
          <button type="button" className="button" onClick={() => void pages.fetchNextPage()}>
            Look further back
          </button>
        </div>
      )}
    </div>
  );
}

function Nothing({ few }: { few: boolean }) {
  if (few) {
    return (
      <div className="empty" role="status">
        <p>No call passes these filters. Calls that come from now on and pass them appear here.</p>
      </div>
    );
  }
  return (
    <div className="empty" role="status">
      <p>
        <strong>No call has come yet.</strong>
      </p>
      <p>Calls appear here when they reach one of your numbers through the SIP gateway, when a dialer asks for an assignment, or when events of them are sent to the API. The API reference shows each way.</p>
      <p>
        <a className="button" href="/docs">
          API reference
        </a>
      </p>
    </div>
  );
}
