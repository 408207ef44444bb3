import type { ReactNode } from "react";
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Text } from "react-aria-components";
import { Hints } from "./Hints";

export interface Option {
  id: string;
  label: string;
  /** A second line. */
  detail?: string;
  /** Why it cannot be chosen. */
  refused?: string;
}

interface Props {
  label: ReactNode;
  options: Option[];
  value: string | undefined;
  onChange: (id: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
  disabled?: boolean;
  placeholder?: string;
}

/** One of a few. */
export function Choice({ label, options, value, onChange, hint, error, disabled, placeholder }: Props) {
  return (
    <Select className="field" value={value ?? null} onChange={(id) => id !== null && onChange(String(id))} isInvalid={error !== undefined} isDisabled={disabled ?? false} placeholder={placeholder ?? "Choose"} disabledKeys={refusals(options)}>
      <Label>{label}</Label>
      <Button className="select">
        <SelectValue className="select-value">{({ selectedText, isPlaceholder, defaultChildren }) => (isPlaceholder ? defaultChildren : selectedText)}</SelectValue>
        <Arrow />
      </Button>
      <Hints hint={hint} error={error} />
      <Popover className="popover">
        <ListBox className="options" items={options}>
          {(o) => <Item option={o} />}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** One of many, found by typing. */
export function Finder({ label, options, value, onChange, hint, error, disabled, placeholder }: Props) {
  // Said here, since a field that is focused as it appears is not filled in afterwards.
  const chosen = options.find((o) => o.id === value)?.label ?? "";
  return (
    <ComboBox className="field" defaultInputValue={chosen} value={value ?? null} onChange={(id) => id !== null && onChange(String(id))} defaultItems={options} isInvalid={error !== undefined} isDisabled={disabled ?? false} disabledKeys={refusals(options)} menuTrigger="focus">
      <Label>{label}</Label>
      <span className="finder">
        <Input placeholder={placeholder ?? "Type to find"} />
        <Button className="finder-open" aria-label="Show all">
          <Arrow />
        </Button>
      </span>
      <Hints hint={hint} error={error} />
      <Popover className="popover">
        <ListBox className="options" renderEmptyState={() => <span className="none options-none">Nothing matches.</span>}>
          {(o: Option) => <Item option={o} />}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

const refusals = (options: Option[]): string[] => options.flatMap((o) => (o.refused === undefined ? [] : [o.id]));

function Item({ option: o }: { option: Option }) {
  const second = o.refused ?? o.detail;
  return (
    <ListBoxItem id={o.id} textValue={o.label} className="option">
      <Text slot="label">{o.label}</Text>
      {second && (
        <Text slot="description" className="sub">
          {second}
        </Text>
      )}
    </ListBoxItem>
  );
}

function Arrow() {
  return (
    <svg className="arrow" viewBox="0 0 12 8" aria-hidden="true" focusable="false">
      <path d="M1 1.5l5 5 5-5" />
    </svg>
  );
}
