/** A generated kernel: its text, and what has to be bound for it to run. */

/** Buffers by the part they play; a schedule says which buffer that is. */
export type Role = 'left' | 'right' | 'rowData' | 'columnData' | 'relations' | 'partials' | 'panel' | 'source' | 'out';

export interface Binding {
  readonly role: Role;
  readonly type: string;
  readonly write: boolean;
}

export interface Kernel {
  /** Names the pipeline in errors and timings. */
  readonly label: string;
  readonly wgsl: string;
  readonly bindings: readonly Binding[];
  /** Members of the uniform `p`, in order: whole numbers, then the declaration's scalars. */
  readonly integers: readonly string[];
  readonly scalars: readonly string[];
  readonly workgroupBytes: number;
  readonly invocations: number;
}

export interface KernelParts extends Omit<Kernel, 'wgsl'> {
  readonly functions: string;
  readonly workgroup?: readonly string[];
  readonly size: readonly [number, number];
  readonly body: readonly string[];
  readonly extensions?: readonly string[];
}

export const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** The whole text of a kernel. */
export function assemble(parts: KernelParts): Kernel {
  const { label, bindings, integers, scalars, workgroupBytes, invocations } = parts;
  const members = [...integers.map((name) => `${name}: u32,`), ...scalars.map((name) => `u_${name}: f32,`)];
  const wgsl = [
    ...(parts.extensions ?? []),
    'struct Parameters {',
    ...indent(members),
    '}',
    '@group(0) @binding(0) var<uniform> p: Parameters;',
    ...bindings.map(
      ({ role, type, write }, k) =>
        `@group(0) @binding(${k + 1}) var<storage, ${write ? 'read_write' : 'read'}> ${role}: array<${type}>;`,
    ),
    ...(parts.workgroup ?? []),
    parts.functions,
    '',
    `@compute @workgroup_size(${parts.size.join(', ')}, 1)`,
    'fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {',
    ...indent(parts.body),
    '}',
    '',
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
  return { label, wgsl, bindings, integers, scalars, workgroupBytes, invocations };
}
