import { AgreementPod } from './agreement-pod.tsx'

export default async function AgreementPodPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | undefined>>
}) {
  const { org = '', id } = await searchParams
  return (
    <AgreementPod
      organisation={org}
      origins={['http://127.0.0.1:4410']}
      agreementId={id ? Number(id) : null}
      initial={null}
    />
  )
}
