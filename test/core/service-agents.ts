/*
 * The e-mails of Google's service agents, as its reference listed them in May 2026; # stands for the number of a project, a
 * folder or an organization, ~ for gcp-sa-.
 * https://docs.cloud.google.com/iam/docs/service-agents
 */
const AGENTS: Readonly<Record<string, string>> = {
  'service-#': `
    cloud-filer cloud-memcache-sa cloud-ml cloud-redis cloud-tpu cloudcomposer-accounts compute-system
    container-analysis container-engine-robot containerregistry dataflow-service-producer-prod dataproc-accounts dlp-api
    firebase-rules gae-api-prod gcf-admin-robot gcp-gae-service gcp-ri-aiplatform gcp-ri-contactcenterinsights
    gcp-ri-identitypool ~adsdatahub ~agentgateway ~aiplatform ~aiplatform-cc ~aiplatform-ft ~aiplatform-is
    ~aiplatform-pie ~aiplatform-re ~aiplatform-vm ~alloydb ~anthos ~anthosaudit ~anthosconfigmanagement
    ~anthosidentityservice ~anthospolicycontroller ~anthossupport ~apigateway ~apigateway-mgmt ~apigee ~apigeeregistry
    ~apihub ~apikeys ~apim ~appdevexperience ~apphub ~appoptimize ~artifactregistry ~assuredworkloads ~audit-manager
    ~autoannotate ~automl ~backupdr ~backupdr-run ~bigqueryconnection ~bigquerydatatransfer ~bigqueryri ~bigqueryspark
    ~bigquerytardis ~bigtable ~binaryauthorization ~bms ~bne ~bqms ~ccai-cmek ~ccaip ~ccinsights-cmek
    ~certificatemanager ~ces ~chronicle ~cloud-cw ~cloud-cw-cmek ~cloud-ekg ~cloud-sql ~cloud-trace ~cloudaicompanion
    ~cloudasset ~cloudbatch ~cloudbuild ~clouddeploy ~cloudkms ~cloudoptim ~cloudscheduler ~cloudtasks ~compute-usage
    ~config ~configdelivery ~connectedsheets ~connectors ~contactcenterinsights ~containerscanning ~containersec
    ~crashlytics ~csc-hpsa ~dataconnectors ~dataform ~datafusion ~datalabeling ~datamigration ~datapipelines ~dataplex
    ~dataprocrmnode ~datastream ~datastudio ~datastudio-cmek ~dep ~designcenter ~devconnect ~dialogflow ~dialogflow-cmek
    ~discoveryengine ~dns ~edgecontainer ~edgecontainercluster ~edgecontainergcr ~ekms ~endpoints ~eventarc ~firebase
    ~firebaseappcheck ~firebaseapphosting ~firebasedatabase ~firebasedataconnect ~firebaseml ~firebasemods
    ~firebasestorage ~firebasevertexai ~firestore ~firewallinsights ~fs-spanner ~geminicodeassistmp ~geminidataanalytics
    ~generativelanguage ~gkebackup ~gkedataplanev2 ~gkehub ~gkemulticloud ~gkemulticloudcontainer
    ~gkemulticloudcpmachine ~gkemulticloudnpmachine ~gkenode ~gkeonprem ~global-spanner ~gsuiteaddons ~healthcare
    ~hypercomputecluster ~iap ~identitytoolkit ~integrations ~ivs ~krmapihosting ~krmapihosting-dataplane ~ktd-control
    ~ktd-hpsa ~livestream ~logging ~looker ~lustre ~managedflink ~managedkafka ~mcmetering ~mcsd ~memorystore
    ~meshconfig ~meshcontrolplane ~meshdataplane ~metastore ~mi ~migcenter ~modelarmor ~monitoring
    ~monitoring-notification ~multiclusteringress ~netapp ~networkactions ~networkconnectivity ~networkmanagement
    ~networksecurity ~notebooks ~notebooks-vm ~notebooksecurityscanner ~ns-authz ~nss-hpsa ~observability ~oci
    ~ondemandscanning ~osconfig ~osconfig-rollout ~pam ~parallelstore ~pm ~privateca ~prod-bigqueryomni ~prod-dai-core
    ~progrollout ~pubsub ~pubsublite ~rbe ~recommendationengine ~remotebuild ~retail ~rma ~routeoptim ~run-ai ~runapps
    ~saasservicemgmt ~scc-notification ~scc-vmtd ~secretmanager ~securewebproxy ~securitycenter ~servicedirectory
    ~servicemesh ~sourcemanager ~spanner ~spectrumsas ~speech ~storage-search ~storageinsights ~stream ~tpu ~transcoder
    ~transferappliance ~translation ~vectorsearch ~vertex-agent ~vertex-bp ~vertex-es ~vertex-eval ~vertex-ex
    ~vertex-ex-cc ~vertex-logging ~vertex-mm ~vertex-moss-ft ~vertex-nb ~vertex-op ~vertex-rag ~vertex-sandbox
    ~vertex-shtune ~vertex-skills ~vertex-telemetry ~vertex-tune ~vertex-vtc ~visionai ~vmmigration ~vmwareengine
    ~vpcaccess ~vs-cmek ~websecurityscanner ~workflows ~workloadmanager ~workstations ~workstationsvm
    gs-project-accounts remotebuildexecution serverless-robot-prod service-consumer-management service-networking`,
  'service-org-#': `
    ~asm-hpsa ~assuredoss ~audit-manager ~chronicle-org ~chronicle-soar ~cloudkms ~cloudresourcemanager ~csc-hpsa
    ~dataplex ~dataplex-cmek ~effectivepolicy ~ktd-hpsa ~logging ~nss-hpsa ~observability ~osconfig ~osconfig-rollout
    ~othercloudcfg ~pam ~progrollout ~scc-bulk-export ~scc-notification ~sccspanner ~v1-remediator security-center-api`,
  'service-folder-#': `
    ~assuredworkloads ~audit-manager ~cloudcontrolspartner ~logging ~observability ~osconfig ~osconfig-rollout ~pam
    ~progrollout`,
  'f#-x1': '~cloud-sql ~logging ~playbooks',
  'o#-x1': '~cloud-sql ~logging ~playbooks',
  'p#-x1': '~cloud-sql ~logging ~playbooks',
  '#': '.cloudbuild .cloudservices',
  'bqcx-#-x1': '~bigquery-condel ~bigquery-consp',
  'b#-x1': '~bundles',
  'blirc-#-x1': '~biglakerestcatalog',
  'bq-#': 'bigquery-encryption',
  'c-#-x1': '~alloydb',
  'connection-#-x1': '~bigquery-condel',
  'organizations-#': '~riskmanager',
  'p-#-x1': '~generativelanguage',
  'project-#': 'storage-transfer-service',
  'service-agent-manager': '.system',
  'service-f#': '~accessapproval',
  'service-o#': '~accessapproval',
  'service-p#': '~accessapproval',
  'vault-#-x1': '~backupdr-pr',
};

/** All of them, with a number in its place. */
export const SERVICE_AGENTS: readonly string[] = Object.entries(AGENTS).flatMap(([name, projects]) =>
  projects
    .trim()
    .split(/\s+/)
    .map((project) => `${name.replace('#', '123456789012')}@${hostOf(project)}.gserviceaccount.com`),
);

/** A leading dot: not below iam.gserviceaccount.com. */
function hostOf(project: string): string {
  return project.startsWith('.') ? project.slice(1) : `${project.replace('~', 'gcp-sa-')}.iam`;
}
