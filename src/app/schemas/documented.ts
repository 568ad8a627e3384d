import type { Avro } from '#track/avro.ts';

/**
 * Finds what a schema does not explain.
 * @returns the path of every field, record and enum without a sentence
 */
export function undocumented(schema: Avro, path = ''): readonly string[] {
  if (typeof schema === 'string') return [];
  if (Array.isArray(schema)) return schema.flatMap((branch) => undocumented(branch, path));
  const node = schema as { readonly [key: string]: unknown };
  const own = 'name' in node && !node['doc'] ? [path || String(node['name'])] : [];
  const fields = (node['fields'] ?? []) as readonly { name: string; doc?: string; type: Avro }[];
  const inner = fields.flatMap((field) => {
    const at = path === '' ? field.name : `${path}.${field.name}`;
    return [...(field.doc ? [] : [at]), ...undocumented(field.type, at)];
  });
  const items = [node['items'], node['values']].flatMap((part) => (part ? undocumented(part as Avro, path) : []));
  return [...own, ...inner, ...items];
}
