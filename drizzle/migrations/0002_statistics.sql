CREATE TABLE "sketches" (
	"run_id" uuid NOT NULL,
	"key" text NOT NULL,
	"units" integer NOT NULL,
	"sketch" "bytea" NOT NULL,
	CONSTRAINT "sketches_run_id_key_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "label_revision" text;--> statement-breakpoint
ALTER TABLE "entries" ADD COLUMN "source" jsonb;--> statement-breakpoint
ALTER TABLE "entries" ADD COLUMN "superseded_by" uuid;--> statement-breakpoint
ALTER TABLE "entries" ADD COLUMN "superseded_reason" text;--> statement-breakpoint
ALTER TABLE "summaries" ADD COLUMN "over" text;--> statement-breakpoint
ALTER TABLE "summaries" ADD COLUMN "units" integer;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "unit_blob" text;--> statement-breakpoint
ALTER TABLE "sketches" ADD CONSTRAINT "sketches_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;