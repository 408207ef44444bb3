import { useEffect, useRef, type ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as Group } from "react-aria-components";

export interface TabOf {
  id: string;
  title: ReactNode;
  content: () => ReactNode;
}

interface Props {
  /** What the tabs are of. */
  label: string;
  tabs: TabOf[];
  selected: string;
  onSelect: (id: string) => void;
}

/** Panels of which one shows. Which one is the caller's to keep, best in the address. */
export function Tabs({ label, tabs, selected, onSelect }: Props) {
  const list = useRef<HTMLDivElement>(null);
  // On a narrow screen the list is wider than what shows of it.
  useEffect(() => {
    const soon = requestAnimationFrame(() => {
      const box = list.current;
      const tab = box?.querySelector<HTMLElement>("[aria-selected=true]");
      if (box && tab) box.scrollLeft += tab.getBoundingClientRect().left - box.getBoundingClientRect().left - (box.clientWidth - tab.offsetWidth) / 2;
    });
    return () => cancelAnimationFrame(soon);
  }, [selected]);
  return (
    <Group className="tabs" selectedKey={selected} onSelectionChange={(id) => onSelect(String(id))}>
      <TabList ref={list} className="tab-list" aria-label={label}>
        {tabs.map((t) => (
          <Tab key={t.id} id={t.id} className="tab">
            {t.title}
          </Tab>
        ))}
      </TabList>
      {tabs.map((t) => (
        <TabPanel key={t.id} id={t.id} className="tab-panel">
          {t.content()}
        </TabPanel>
      ))}
    </Group>
  );
}
